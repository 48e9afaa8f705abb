"""What all models share."""

from typing import ClassVar

from pydantic import BaseModel, ConfigDict


class Model(BaseModel):
    """Fields that this version does not know are kept: answers may grow, and the API refuses what it does not
    know in a request. `constants` are sent without being given."""

    model_config = ConfigDict(extra="allow", frozen=True, defer_build=True, populate_by_name=True)

    constants: ClassVar[tuple[str, ...]] = ()

    def model_post_init(self, context: object, /) -> None:
        """A request sends what was set."""
        del context
        self.__pydantic_fields_set__.update(self.constants)
