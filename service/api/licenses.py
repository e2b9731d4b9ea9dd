"""Licenses: a page of them, one, and its history."""

from service.api import views
from service.api.schemas import LicensePage, LicenseRead
from service.api.things import router_for
from service.projections import licenses

router = router_for(licenses.MODEL, "licenses", views.license_, LicenseRead, LicensePage)
