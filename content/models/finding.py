"""What is derived of assets so that they are found: `content.finding.indexing` writes it."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from content.models.assets import Asset
from content.rules import LANGUAGES, PROMOTING_TAGS, SERVICE_TAGS

LIKENESS = 80
LANGUAGE = r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}\Z"


class SearchRow(models.Model):
    """An asset as search sees it: of its live version, else of the newest."""

    asset = models.OneToOneField(Asset, models.CASCADE, primary_key=True, related_name="search_row")
    # Of the version and of how it was read: another reader reads all anew.
    stamp = models.CharField(max_length=80)
    # Lexemes of name (A), key and tags (B), purpose (C) and texts (D); the first two alone.
    words = SearchVectorField()
    heading = SearchVectorField()
    # What results are quoted from.
    text = models.TextField(blank=True)
    tags = ArrayField(models.TextField(), default=list)
    # The first day on which something of it ends.
    ends_on = models.DateField(null=True)
    # What texts that are alike have in common, see `content.finding.shingles`.
    bands = ArrayField(models.IntegerField(), default=list)

    class Meta:
        verbose_name = _("search row")
        verbose_name_plural = _("search rows")
        indexes = [
            GinIndex(fields=["words"], name="searchrow_by_word", fastupdate=False),
            GinIndex(fields=["heading"], name="searchrow_by_heading", fastupdate=False),
            GinIndex(fields=["tags"], name="searchrow_by_tag", fastupdate=False),
            GinIndex(fields=["bands"], name="searchrow_by_band", fastupdate=False),
            models.Index(
                fields=["ends_on"],
                name="searchrow_by_end",
                condition=models.Q(ends_on__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.stamp


class SearchWord(models.Model):
    """A word that stands in some asset, for those who mistype it.

    The same word may stand here twice: two transactions that learn it do not wait for each other.
    """

    word = models.CharField(max_length=60, db_index=True)
    # Hashes of the word with letters left out, see `content.finding.correcting`.
    near = ArrayField(models.IntegerField())

    class Meta:
        verbose_name = _("word of content")
        verbose_name_plural = _("words of content")
        indexes = [GinIndex(fields=["near"], name="searchword_by_near")]

    def __str__(self) -> str:
        return self.word


class Deadline(models.Model):
    """A day after which an asset must not be used as it is."""

    class What(models.TextChoices):
        RIGHTS = "rights", _("Rights end")
        CLAIM = "claim", _("Statement runs out")

    asset = models.ForeignKey(Asset, models.CASCADE, related_name="deadlines")
    what = models.CharField(max_length=10, choices=What.choices)
    # The key of the statement; "" for the rights.
    key = models.CharField(max_length=80, blank=True)
    words = models.CharField(max_length=200, blank=True)
    # The last day.
    on = models.DateField()

    class Meta:
        verbose_name = _("deadline of an asset")
        verbose_name_plural = _("deadlines of assets")
        ordering = ("on", "asset_id", "what", "key")
        constraints = [
            models.UniqueConstraint(fields=["asset", "what", "key", "on"], name="deadline_once"),
        ]
        indexes = [models.Index(fields=["on"], name="deadline_by_day")]

    def __str__(self) -> str:
        return f"{self.what} {self.on}"


def default_languages() -> list[str]:
    """Those of the portal itself."""
    return list(LANGUAGES)


def default_service_tags() -> list[str]:
    """As nearly all name them."""
    return list(SERVICE_TAGS)


def default_promoting_tags() -> list[str]:
    """As nearly all name them."""
    return list(PROMOTING_TAGS)


class LibraryRule(models.Model):
    """What an admin sets for the library; one row, or none where nothing was set."""

    likeness = models.PositiveSmallIntegerField(
        _("alike from"),
        default=LIKENESS,
        validators=[MinValueValidator(50), MaxValueValidator(100)],
        help_text=_("From this percentage on, content is told to say nearly the same as other."),
    )
    languages = ArrayField(
        models.CharField(
            max_length=35,
            validators=[RegexValidator(LANGUAGE, _("Write language tags such as en or zh-hant."))],
        ),
        default=default_languages,
        blank=True,
        verbose_name=_("languages"),
        help_text=_(
            "All content comes in these, parted by commas: en for any English, zh-hant for that "
            "one. Empty: no language is missed."
        ),
    )
    service_tags = ArrayField(
        models.SlugField(max_length=80),
        default=default_service_tags,
        blank=True,
        verbose_name=_("tags of service messages"),
        help_text=_("What has to be sent whatever people want: it needs no way to unsubscribe."),
    )
    promoting_tags = ArrayField(
        models.SlugField(max_length=80),
        default=default_promoting_tags,
        blank=True,
        verbose_name=_("tags of promotions"),
        help_text=_("Text messages with one of these say how to receive no more of them."),
    )
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("rule of the library")
        verbose_name_plural = _("rules of the library")

    def __str__(self) -> str:
        return f"{self.likeness} %"
