-- The schema `auth` is not ours to drop: people outlive Dray.
REVOKE SELECT ON auth.users FROM dray_worker;
REVOKE USAGE ON SCHEMA auth FROM authenticated_users, dray_worker;
