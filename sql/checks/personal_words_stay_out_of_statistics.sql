-- The planner keeps no samples of personal columns, where erased words would live on.
SELECT c.relname, a.attname
FROM pg_attribute a
JOIN pg_class c ON c.oid = a.attrelid
WHERE c.relnamespace = 'klappa'::regnamespace AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
    AND obj_description(c.oid, 'pg_class') LIKE 'Base: %'
    AND (c.relname, a.attname) IN (
        ('person', 'name'), ('person', 'credited_name'), ('person', 'trading_name'), ('person', 'slug'),
        ('person', 'exact_point'), ('person', 'public_point'), ('person', 'headline_sv'), ('person', 'headline_en'),
        ('person', 'biography_sv'), ('person', 'biography_en'), ('contact_field', 'value'), ('link', 'url'),
        ('link', 'title'), ('account', 'name'), ('account', 'email'), ('api_key', 'name'), ('sign_in_request', 'email'),
        ('sign_in_request', 'then_path'), ('location_fact', 'value'),
        ('block', 'days'), ('hold', 'days'),
        ('booking', 'days'), ('change_value', 'before'), ('change_value', 'after'), ('outbox', 'payload'),
        ('idempotency', 'body'), ('credit', 'credited_as'), ('consent', 'source'),
        ('inquiry', 'title'), ('inquiry', 'company'), ('inquiry', 'summary'), ('inquiry', 'words'),
        ('inquiry_contact', 'name'), ('inquiry_contact', 'email'), ('inquiry_contact', 'phone'),
        ('inquiry_entry', 'body'), ('inquiry_entry', 'contact'), ('inquiry_entry', 'author_name'),
        ('application', 'name'), ('application', 'email'), ('application', 'phone'), ('application', 'answers'),
        ('application', 'snapshot'), ('answer_file', 'name'), ('assessment', 'note'), ('decision', 'subject'),
        ('decision', 'body'), ('participant', 'name'), ('participant', 'email'), ('participant', 'phone'),
        ('claim', 'message'), ('claim', 'reason'), ('location', 'name'),
        ('location', 'alias'), ('location', 'address'), ('location', 'exact_point'), ('location', 'public_point'),
        ('location', 'owner_name'), ('location', 'headline_sv'), ('location', 'headline_en'),
        ('location', 'description_sv'), ('location', 'description_en'), ('company', 'name'), ('company', 'alias'),
        ('company', 'slug'), ('company', 'headline_sv'), ('company', 'headline_en'), ('company', 'description_sv'),
        ('company', 'description_en'), ('photo', 'caption_sv'), ('photo', 'caption_en'), ('photo', 'alternative_sv'),
        ('photo', 'alternative_en'), ('listing_proposal', 'body'), ('listing_proposal', 'state_reason'),
        ('searcher_request', 'name'), ('searcher_request', 'company'), ('shortlist', 'name'), ('session', 'device'),
        ('searcher_request', 'email'), ('searcher_request', 'message'),
        ('searcher_request', 'reason'), ('shortlist_item', 'note'), ('application_review', 'note'))
    AND a.attstattarget <> 0
