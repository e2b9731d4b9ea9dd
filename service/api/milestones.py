"""Milestones: a page of them, one, and its history."""

from service.api import views
from service.api.schemas import MilestonePage, MilestoneRead
from service.api.things import router_for
from service.projections import milestones

router = router_for(milestones.MODEL, "milestones", views.milestone, MilestoneRead, MilestonePage)
