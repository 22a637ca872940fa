"""Screens of journeys: the list, one journey and its versions, one step."""

from journeys.views.journey import journey_detail, version_detail
from journeys.views.listing import journey_list
from journeys.views.step import step_detail
from journeys.views.uses import asset_uses

__all__ = ["asset_uses", "journey_detail", "journey_list", "step_detail", "version_detail"]
