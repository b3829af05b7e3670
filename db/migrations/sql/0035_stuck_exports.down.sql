DROP FUNCTION fail_stuck_exports;
