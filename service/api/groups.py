"""Country groups: a page of them, one, and its history."""

from service.api import views
from service.api.schemas import GroupPage, GroupRead
from service.api.things import router_for
from service.projections import groups

router = router_for(groups.MODEL, "groups", views.group, GroupRead, GroupPage)
