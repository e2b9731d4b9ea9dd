"""Commodity definitions: a page of them, one, and its history."""

from service.api import views
from service.api.schemas import CommodityPage, CommodityRead
from service.api.things import router_for
from service.projections import commodities

router = router_for(commodities.MODEL, "commodities", views.commodity, CommodityRead, CommodityPage)
