"""Reads of the vocabulary."""

from typing import TYPE_CHECKING

from django.db import models

from tags.models import Concept, Taxonomy

if TYPE_CHECKING:
    from people.models import User


def taxonomies(user: "User") -> models.QuerySet[Taxonomy]:
    """The taxonomies the person sees, each with `concept_count`."""
    count = (
        Concept.objects.filter(taxonomy=models.OuterRef("pk"))
        .order_by()
        .values("taxonomy")
        .annotate(count=models.Count("pk"))
        .values("count")
    )
    return (
        Taxonomy.objects.visible_to(user)
        .select_related("team", "live_version")
        .annotate(concept_count=models.functions.Coalesce(models.Subquery(count), 0))
    )


def concepts(user: "User") -> models.QuerySet[Concept]:
    """The concepts of the taxonomies the person sees, in order."""
    return (
        Concept.objects.filter(taxonomy__in=Taxonomy.objects.visible_to(user).order_by())
        .select_related("taxonomy")
        .order_by("taxonomy__name", "rank", "key")
    )


def concept_ids(references: set[str]) -> dict[str, int]:
    """Primary keys by `taxonomy:concept`; references that lead nowhere are left out."""
    if not references:
        return {}
    keys = {reference.partition(":")[2] for reference in references}
    rows = Concept.objects.filter(
        taxonomy__key__in={reference.partition(":")[0] for reference in references}, key__in=keys
    ).values_list("taxonomy__key", "key", "pk")
    found = {f"{taxonomy}:{concept}": pk for taxonomy, concept, pk in rows}
    return {reference: found[reference] for reference in references if reference in found}
