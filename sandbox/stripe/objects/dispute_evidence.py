"""What is said against a dispute. Files are not taken: this Stripe keeps none.

Source: https://docs.stripe.com/api/disputes/evidence_object, https://docs.stripe.com/testing#disputes
"""

from sandbox.stripe.errors import invalid
from sandbox.stripe.params import Hash, Text
from sandbox.stripe.shelf import Obj

LENGTH_MAX = 150_000
"""All texts together."""

SHORT = (
    "billing_address", "customer_email_address", "customer_name", "customer_purchase_ip",
    "duplicate_charge_id", "service_date", "shipping_address", "shipping_carrier", "shipping_date",
    "shipping_tracking_number",
)  # fmt: skip
LONG = (
    "access_activity_log", "cancellation_policy_disclosure", "cancellation_rebuttal",
    "duplicate_charge_explanation", "product_description", "refund_policy_disclosure",
    "refund_refusal_explanation", "uncategorized_text",
)  # fmt: skip
FILES = (
    "cancellation_policy", "customer_communication", "customer_signature", "duplicate_charge_documentation",
    "receipt", "refund_policy", "service_documentation", "shipping_documentation", "uncategorized_file",
)  # fmt: skip

TEXTS = Hash(dict.fromkeys(SHORT, Text()) | dict.fromkeys(LONG, Text(20_000)))

WINNING = "winning_evidence"
LOSING = "losing_evidence"
ESCALATING = "escalate_inquiry_evidence"
DECIDING = {
    "needs_response": (WINNING, LOSING),
    "warning_needs_response": (WINNING, LOSING, ESCALATING),
}
"""Status → the texts that, as `uncategorized_text`, decide a dispute in test mode."""


def none() -> Obj:
    """No evidence yet."""
    return dict.fromkeys((*SHORT, *LONG, *FILES)) | {"enhanced_evidence": {}}


def details(due_by: int) -> Obj:
    """What is known of the answer before there is one; `due_by` is epoch seconds."""
    return {
        "due_by": due_by,
        "enhanced_eligibility": {},
        "has_evidence": False,
        "past_due": False,
        "submission_count": 0,
    }


def merged(evidence: Obj, given: Obj) -> Obj:
    """The evidence with what is given; raises StripeError when it is too long together."""
    all_of_it = evidence | given
    length = sum(len(text) for text in all_of_it.values() if isinstance(text, str))
    if length > LENGTH_MAX:
        raise invalid(
            f"The combined length of all evidence cannot exceed {LENGTH_MAX} characters.", "evidence"
        )
    return all_of_it
