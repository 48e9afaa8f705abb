"""What memory keeps is sealed as tables are; a running system brings the keys of its own KMS."""

from marketplace.storage import sealing
from tests.fakes.standing_keys import StandingKeys

sealing.use(StandingKeys())
