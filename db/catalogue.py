"""What a database consists of, as PostgreSQL tells it: the same words on 16, 17 and 18.

Left out: what belongs to an extension, the parts of a partitioned table (their names carry dates), NOT NULL constraints
(only 18 names them; a column says itself whether it may be null) and the right MAINTAIN (only 17 and 18 have it).
"""

# ruff: noqa: S608 - the queries are put together from constants
from __future__ import annotations

from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, text

Catalogue = dict[str, dict[str, Any]]

NOT_OF_AN_EXTENSION = """NOT EXISTS (
    SELECT FROM pg_depend d WHERE d.classid = '{catalogue}'::regclass AND d.objid = {oid} AND d.deptype = 'e')"""
RELATIONS = f"""
    SELECT c.*, n.nspname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = 'public' AND NOT c.relispartition
    AND {NOT_OF_AN_EXTENSION.format(catalogue="pg_class", oid="c.oid")}"""

QUERIES = {
    "enum": f"""
        SELECT t.typname, (SELECT array_agg(e.enumlabel::text ORDER BY e.enumsortorder) FROM pg_enum e
                           WHERE e.enumtypid = t.oid)
        FROM pg_type t WHERE t.typtype = 'e' AND t.typnamespace = 'public'::regnamespace
        AND {NOT_OF_AN_EXTENSION.format(catalogue="pg_type", oid="t.oid")}""",
    "table": f"""
        SELECT relname, jsonb_build_object('kind', CASE relkind WHEN 'p' THEN 'partitioned' ELSE 'plain' END,
            'owner', relowner::regrole::text, 'options', coalesce(reloptions, '{{}}'),
            'row security', CASE WHEN relrowsecurity THEN 'enabled' ELSE 'disabled' END,
            'forced', relforcerowsecurity)
        FROM ({RELATIONS}) c WHERE relkind IN ('r', 'p')""",
    "column": f"""
        SELECT c.relname || '.' || a.attname, jsonb_build_object('type', format_type(a.atttypid, a.atttypmod),
            'null', CASE WHEN a.attnotnull THEN 'no' ELSE 'yes' END,
            'default', CASE WHEN a.attgenerated = '' THEN pg_get_expr(d.adbin, d.adrelid) END,
            'generated', CASE WHEN a.attgenerated <> '' THEN a.attgenerated::text || ': ' ||
                pg_get_expr(d.adbin, d.adrelid) END,
            'identity', nullif(a.attidentity::text, ''))
        FROM ({RELATIONS}) c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
        LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
        WHERE c.relkind IN ('r', 'p', 'v', 'm')""",
    "constraint": f"""
        SELECT c.relname || '.' || k.conname, pg_get_constraintdef(k.oid)
        FROM ({RELATIONS}) c JOIN pg_constraint k ON k.conrelid = c.oid
        WHERE k.contype IN ('c', 'f', 'p', 'u', 'x')""",
    "index": f"""
        SELECT i.relname, pg_get_indexdef(x.indexrelid) || CASE WHEN x.indisvalid THEN '' ELSE ' INVALID' END
        FROM ({RELATIONS}) c JOIN pg_index x ON x.indrelid = c.oid JOIN pg_class i ON i.oid = x.indexrelid
        WHERE NOT EXISTS (
            SELECT FROM pg_constraint k WHERE k.conindid = x.indexrelid AND k.contype IN ('p', 'u', 'x'))""",
    "function": f"""
        SELECT p.oid::regprocedure::text, jsonb_build_object('kind', p.prokind::text,
            'arguments', pg_get_function_arguments(p.oid), 'returns', pg_get_function_result(p.oid),
            'language', l.lanname, 'volatility', p.provolatile::text, 'strict', p.proisstrict,
            'parallel', p.proparallel::text,
            'security', CASE WHEN p.prosecdef THEN 'definer' ELSE 'invoker' END, 'owner', p.proowner::regrole::text,
            'settings', coalesce(p.proconfig, '{{}}'),
            'body', coalesce(pg_get_function_sqlbody(p.oid), p.prosrc))
        FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang
        WHERE p.pronamespace = 'public'::regnamespace AND p.prokind IN ('f', 'p')
        AND {NOT_OF_AN_EXTENSION.format(catalogue="pg_proc", oid="p.oid")}""",
    "trigger": f"""
        SELECT c.relname || '.' || t.tgname, jsonb_build_object('definition', pg_get_triggerdef(t.oid),
            'enabled', t.tgenabled::text)
        FROM ({RELATIONS}) c JOIN pg_trigger t ON t.tgrelid = c.oid WHERE NOT t.tgisinternal""",
    "view": f"""
        SELECT relname, jsonb_build_object('definition', pg_get_viewdef(oid), 'options', coalesce(reloptions, '{{}}'),
            'materialised', relkind = 'm', 'owner', relowner::regrole::text)
        FROM ({RELATIONS}) c WHERE relkind IN ('v', 'm')""",
    "policy": f"""
        SELECT c.relname || '.' || p.polname, jsonb_build_object(
            'command', CASE p.polcmd WHEN 'r' THEN 'select' WHEN 'a' THEN 'insert' WHEN 'w' THEN 'update'
                WHEN 'd' THEN 'delete' ELSE 'all' END, 'permissive', p.polpermissive,
            'roles', (SELECT array_agg(CASE r WHEN 0 THEN 'public' ELSE r::regrole::text END)
                FROM unnest(p.polroles) r),
            'using', pg_get_expr(p.polqual, p.polrelid), 'check', pg_get_expr(p.polwithcheck, p.polrelid))
        FROM ({RELATIONS}) c JOIN pg_policy p ON p.polrelid = c.oid""",
    "sequence": f"""
        SELECT relname, jsonb_build_object('type', format_type(s.seqtypid, NULL), 'increment', s.seqincrement,
            'cycle', s.seqcycle)
        FROM ({RELATIONS}) c JOIN pg_sequence s ON s.seqrelid = c.oid""",
    "grant": f"""
        WITH objects AS (
            SELECT relname::text AS name, relowner AS owner, coalesce(relacl, acldefault('r', relowner)) AS acl
            FROM ({RELATIONS}) c WHERE relkind IN ('r', 'p', 'v', 'm')
            UNION ALL SELECT relname, relowner, coalesce(relacl, acldefault('s', relowner))
            FROM ({RELATIONS}) c WHERE relkind = 'S'
            UNION ALL SELECT c.relname || '.' || a.attname, c.relowner, a.attacl
            FROM ({RELATIONS}) c JOIN pg_attribute a ON a.attrelid = c.oid
            WHERE a.attacl IS NOT NULL AND NOT a.attisdropped
            UNION ALL SELECT p.oid::regprocedure::text, p.proowner, coalesce(p.proacl, acldefault('f', p.proowner))
            FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace
            AND {NOT_OF_AN_EXTENSION.format(catalogue="pg_proc", oid="p.oid")}
            UNION ALL SELECT 'schema ' || nspname, nspowner, coalesce(nspacl, acldefault('n', nspowner))
            FROM pg_namespace WHERE nspname = 'public'
        )
        SELECT o.name || ' to ' || CASE e.grantee WHEN 0 THEN 'public' ELSE e.grantee::regrole::text END,
            string_agg(DISTINCT lower(e.privilege_type) ||
                CASE WHEN e.is_grantable THEN ' with grant option' ELSE '' END,
                ', ')
        FROM objects o, aclexplode(o.acl) e
        WHERE e.grantee <> o.owner AND e.privilege_type <> 'MAINTAIN'
        GROUP BY 1""",
}
EXTENSIONS = "SELECT extname, extversion FROM pg_extension"
SEARCH_PATH = """
    SELECT set_config('search_path', string_agg(DISTINCT quote_ident(name), ', '), true)
    FROM (SELECT 'public' AS name UNION SELECT n.nspname FROM pg_extension e
          JOIN pg_namespace n ON n.oid = e.extnamespace WHERE n.nspname <> 'pg_catalog') names"""


def read_catalogue(connection: Connection) -> Catalogue:
    """Return every object by kind and name. What lies outside `public` is named in full."""
    connection.execute(text(SEARCH_PATH))
    return {kind: dict(sorted(read_kind(connection, query).items())) for kind, query in QUERIES.items()}


def read_kind(connection: Connection, query: str) -> dict[str, Any]:
    """Return the objects of one kind."""
    rows = connection.exec_driver_sql(query, execution_options={"no_parameters": True})
    return {name: normalised(definition) for name, definition in rows}


def normalised(definition: Any) -> Any:
    """Take out what says nothing: empty attributes, the layout of text,. Bodies become a hash."""
    if isinstance(definition, dict):
        kept = {name: value for name, value in definition.items() if value not in (None, [], False)}
        if "body" in kept:
            kept["body"] = sha256(kept["body"].encode()).hexdigest()[:16]
        return {name: tidy(value) for name, value in sorted(kept.items())}
    return definition if isinstance(definition, list) else tidy(definition)


def tidy(value: Any) -> Any:
    """Join the lines of a text; sort what has no order of its own."""
    if isinstance(value, list):
        return sorted(value)
    return " ".join(value.split()) if isinstance(value, str) else value


def extension_versions(connection: Connection) -> dict[str, str]:
    """Return each extension's version."""
    return {row.extname: row.extversion for row in connection.execute(text(EXTENSIONS))}
