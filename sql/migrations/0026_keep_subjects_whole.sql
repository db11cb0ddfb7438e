-- Takes the making of bare subjects from members, and takes a subject away with its person.
-- A person makes its own subject, so a member needs no right to; a subject that belongs to nothing breaks a check.

SET LOCAL lock_timeout = '5s';
SET LOCAL ROLE klappa_owner;
SET LOCAL search_path = klappa, public;

DROP POLICY subject_member_add ON klappa.subject;
REVOKE INSERT ON klappa.subject FROM klappa_member;

CREATE FUNCTION klappa.drop_subject() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = klappa, pg_temp
AS $$
BEGIN
    -- Nothing is left to delete when the subject went first and took its person along.
    DELETE FROM klappa.subject WHERE id = old.id;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION klappa.drop_subject() IS 'Deletes the subject, and with it calendar and contact fields, of a person that was deleted.';

CREATE TRIGGER person_drop_subject AFTER DELETE ON klappa.person
FOR EACH ROW EXECUTE FUNCTION klappa.drop_subject();

RESET ROLE;
