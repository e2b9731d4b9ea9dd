"""Provisions: a page of them, one, and its history."""

from service.api import views
from service.api.schemas import RestrictionPage, RestrictionRead
from service.api.things import router_for
from service.projections import restrictions

router = router_for(restrictions.MODEL, "restrictions", views.restriction, RestrictionRead, RestrictionPage)
