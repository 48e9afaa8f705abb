"""Connect over a restart of the local Stripe: nothing of it lives in the process alone."""

from pathlib import Path
from typing import Any

import requests

from tests.contract.local_stripe import ANY_URL, DAY, LocalStripe, SettableClock, on

DAILY: Any = {"payments": {"payouts": {"schedule": {"interval": "daily"}}}}
HOUR = 3600


def restarted(before: LocalStripe, file: Path) -> LocalStripe:
    before.simulator.save()
    before.close()
    return LocalStripe.start(before.clock, file)


def test_schedules_go_on_and_what_was_paid_out_stays_known(tmp_path: Path) -> None:
    file = tmp_path / "stripe.json"
    before = LocalStripe.start(SettableClock(), file)
    worker = before.worker_with(1_000)
    before.client.v1.balance_settings.update(DAILY, on(worker))
    before.client.v1.balance_settings.update(DAILY)
    before.after(DAY + HOUR)
    before.transfer(worker, 77, source_transaction=before.paid().id)

    after = restarted(before, file)
    settings: Any = after.client.v1.balance_settings.retrieve().payments.payouts
    assert settings.schedule.interval == "daily"
    [first] = after.client.v1.payouts.list(options=on(worker)).data
    after.after(3 * DAY)
    second, _ = after.client.v1.payouts.list(options=on(worker)).data
    assert (first.amount, second.amount) == (1_000, 77)
    paid_out: Any = {"payout": first.id}
    assert len(after.client.v1.balance_transactions.list(paid_out, on(worker)).data) == 2
    after.close()


def test_a_failed_bank_account_a_deadline_and_a_link_survive(tmp_path: Path) -> None:
    file = tmp_path / "stripe.json"
    before = LocalStripe.start(SettableClock(), file)
    worker = before.worker_with(1_000)
    before.simulator.fail_payout(before.payout(worker, 400).id, "no_account")
    before.simulator.require(worker, "individual.id_number", before.clock.at + DAY)
    before.client.v1.transfers.reversals.create(before.client.v1.transfers.list().data[0].id, {"amount": 1})
    urls: Any = {"refresh_url": ANY_URL, "return_url": ANY_URL}
    params: Any = {"account": worker, "type": "account_onboarding", **urls}
    token = before.client.v1.account_links.create(params).url.rpartition("/")[2]

    after = restarted(before, file)
    after.client.v1.transfers.reversals.create(after.client.v1.transfers.list().data[0].id, {"amount": 2})
    [transfer] = after.client.v1.transfers.list().data
    assert [row.amount for row in transfer.reversals.data] == [2, 1]
    page = requests.get(f"{after.server.base_url}/connect/setup/{token}", timeout=5)
    assert "individual: id number" in page.text
    after.after(DAY)
    account: Any = after.client.v1.accounts.retrieve(worker)
    assert account.requirements.past_due == ["external_account", "individual.id_number"]
    after.simulator.verify(worker)
    account = after.client.v1.accounts.retrieve(worker)
    assert [row.status for row in account.external_accounts.data] == ["new"]
    assert account.capabilities.to_dict() == {"transfers": "active"}
    after.close()
