"""One JSON line for each thing worth knowing."""

from aws_lambda_powertools import Logger

logger = Logger(service="gig-marketplace")
