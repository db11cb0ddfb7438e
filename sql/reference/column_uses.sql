-- Loads what the columns of the base tables say of people from column_uses.csv ($1: its rows as an array of objects).
INSERT INTO klappa.column_use AS t ("table", "column", kind, finds, exported, erased, why)
SELECT r."table", r."column", r.kind, nullif(r.finds, ''), r.exported = 'yes', r.erased, nullif(r.why, '')
FROM jsonb_to_recordset($1::jsonb) AS r ("table" text, "column" text, kind text, finds text, exported text, erased text, why text)
ON CONFLICT ("table", "column") DO UPDATE
SET kind = excluded.kind,
    finds = excluded.finds,
    exported = excluded.exported,
    erased = excluded.erased,
    why = excluded.why
WHERE (t.kind, t.finds, t.exported, t.erased, t.why)
    IS DISTINCT FROM (excluded.kind, excluded.finds, excluded.exported, excluded.erased, excluded.why)
