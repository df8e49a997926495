from django.db import migrations

# What was certified is never changed, whoever writes. Certificates of sample packs may go with the sample.
FREEZE = """
CREATE FUNCTION frameworks_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND (to_jsonb(OLD) ->> 'is_sample')::boolean THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'certificates and pictures of the product are never changed or removed';
END $$;
CREATE TRIGGER frameworks_certificates_stay BEFORE UPDATE OR DELETE ON frameworks_certificate
    FOR EACH ROW EXECUTE FUNCTION frameworks_keep();
CREATE TRIGGER frameworks_pictures_stay BEFORE UPDATE OR DELETE ON frameworks_picture
    FOR EACH ROW EXECUTE FUNCTION frameworks_keep();
"""
THAW = """
DROP TRIGGER frameworks_certificates_stay ON frameworks_certificate;
DROP TRIGGER frameworks_pictures_stay ON frameworks_picture;
DROP FUNCTION frameworks_keep();
"""


class Migration(migrations.Migration):
    dependencies = [("frameworks", "0001_initial")]
    operations = [migrations.RunSQL(FREEZE, THAW)]
