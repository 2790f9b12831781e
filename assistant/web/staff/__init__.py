"""The staff pages at /staff: written on the server, one route a page, one template a route.

They do without Gradio (docs/adr/0017): a page is there in milliseconds, has an address of
its own, works from the keyboard, and a form that cannot be kept loses nothing.
"""

from assistant.web.staff.routes import router

__all__ = ["router"]
