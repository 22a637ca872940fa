"""What people say about a place in the content of a change."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from governance.models.changes import Change


class Remark(models.Model):
    """A comment on a passage of what customers will receive, or an answer to one.

    `place` names the content: "renditions/zh-hans" of an asset's own change,
    "steps/welcome/body/en" of a step's slot. `passage` is the name of a sentence, see
    `content.passages`, or a field, such as "field:subject"; `quote` is what it said then. A draft
    is seen by its author alone.
    """

    change = models.ForeignKey(
        Change, models.PROTECT, related_name="remarks", verbose_name=_("change")
    )
    revision = models.PositiveIntegerField(_("revision"))
    # Who does not see the asset does not see what is said of it.
    asset = models.ForeignKey("content.Asset", models.PROTECT, related_name="+")
    place = models.CharField(max_length=300)
    passage = models.CharField(max_length=40)
    quote = models.TextField(_("passage"), blank=True)
    # The remark that it answers; None for one that begins a thread.
    thread = models.ForeignKey("self", models.PROTECT, null=True, related_name="answers")
    author = models.ForeignKey(
        "people.User", models.PROTECT, related_name="+", verbose_name=_("author")
    )
    text = models.TextField(_("comment"))
    is_draft = models.BooleanField(_("draft"), default=False)
    created_at = models.DateTimeField(_("said"))
    resolved_by = models.ForeignKey("people.User", models.PROTECT, null=True, related_name="+")
    resolved_at = models.DateTimeField(_("resolved"), null=True)

    class Meta:
        verbose_name = _("comment on content")
        verbose_name_plural = _("comments on content")
        ordering = ("pk",)
        indexes = [
            models.Index(fields=["change", "place"], name="remark_by_place"),
            models.Index(
                fields=["change", "author"],
                name="remark_drafts",
                condition=models.Q(is_draft=True),
            ),
        ]

    def __str__(self) -> str:
        return self.text[:40]
