-- Whether some version of Dray made this kind known here.
SELECT EXISTS (SELECT FROM task_kinds WHERE name = :kind)
