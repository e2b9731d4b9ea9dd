"""Notes: a page of them, one, and its history."""

from service.api import views
from service.api.schemas import NotePage, NoteRead
from service.api.things import router_for
from service.projections import notes

router = router_for(notes.MODEL, "notes", views.note, NoteRead, NotePage)
