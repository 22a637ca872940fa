from django.db import migrations
from django.utils import timezone

# Plain data and functions; the rows are those of this migration.
from governance.ruling.defaults import DEFAULTS
from governance.ruling.definitions import complete, digest


def first_policies(apps, schema_editor):
    """A portal that is in use goes on with the rule that was built in, now as policies."""
    Change = apps.get_model("governance", "Change")
    Policy = apps.get_model("governance", "Policy")
    PolicyVersion = apps.get_model("governance", "PolicyVersion")
    if not Change.objects.exists():
        return
    now = timezone.now()
    for definition in map(complete, DEFAULTS):
        name = definition["name"]
        policy = Policy.objects.create(
            key=definition["key"],
            name=name["en"],
            name_zh_hans=name.get("zh-hans", ""),
            name_zh_hant=name.get("zh-hant", ""),
            created_at=now,
            updated_at=now,
        )
        policy.active = PolicyVersion.objects.create(
            policy=policy,
            number=1,
            definition=definition,
            digest=digest(definition),
            state="active",
            created_at=now,
            decided_at=now,
        )
        policy.save()


def nothing(apps, schema_editor):
    """The tables go, and the rows with them."""


# Whoever was asked before there were rounds was asked at once; later ones have their timing.
OPEN = """
UPDATE governance_requirement r
SET opened_at = COALESCE(c.submitted_at, c.updated_at),
    params = r.params || '{"timing": {"hours": 72, "remind": null, "escalate": null, "teams": []}}'
FROM governance_change c WHERE c.number = r.change_id AND r.opened_at IS NULL
"""
# A version of a policy says what it always said.
KEPT = """
CREATE FUNCTION cjops_keep_definition() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR (NEW.definition, NEW.digest, NEW.number, NEW.policy_id)
        IS DISTINCT FROM (OLD.definition, OLD.digest, OLD.number, OLD.policy_id) THEN
        RAISE EXCEPTION 'A version of a policy is immutable: % refused.', TG_OP
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER governance_policyversion_kept BEFORE UPDATE OR DELETE ON governance_policyversion
FOR EACH ROW EXECUTE FUNCTION cjops_keep_definition()
"""
FREE = """
DROP TRIGGER governance_policyversion_kept ON governance_policyversion;
DROP FUNCTION cjops_keep_definition()
"""


class Migration(migrations.Migration):
    dependencies = [("governance", "0010_asking")]

    operations = [
        migrations.RunPython(first_policies, nothing),
        migrations.RunSQL(OPEN, migrations.RunSQL.noop),
        migrations.RunSQL(KEPT, FREE),
    ]
