-- Note a paid call. The key keeps a call from being noted twice.
INSERT INTO ai_usage_tracking (
    service_type, operation_type, input_tokens, output_tokens, total_tokens, cost_usd, request_id, model_name, success,
    request_metadata, call_key)
VALUES (
    :provider, 'embedding', :input_tokens, 0, :input_tokens, :cost_usd, :request_id, :model, 'success',
    CAST(:metadata AS jsonb), :call_key)
ON CONFLICT (call_key) DO NOTHING
