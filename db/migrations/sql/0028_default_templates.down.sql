-- Only what nobody took over and no report uses.
DELETE FROM pmr_templates t
WHERE id IN ('e5f1d5fe-cf08-431b-882c-2df045c04ac7', 'b9c3628b-0460-4510-af5b-6fea8715355c')
  AND created_by IS NULL
  AND NOT EXISTS (SELECT FROM pmr_reports r WHERE r.template_id = t.id);
