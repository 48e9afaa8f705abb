"""The Chalice application: every route and every function that is deployed."""

from chalice.app import Chalice

from chalicelib import archive, consumers, relay, schedules
from chalicelib.api import OPERATIONS
from chalicelib.mounting import mount

app = Chalice(app_name="gig-marketplace")

mount(app, OPERATIONS)
app.register_blueprint(consumers.blueprint)
app.register_blueprint(archive.blueprint)
app.register_blueprint(relay.blueprint)
app.register_blueprint(schedules.blueprint)
