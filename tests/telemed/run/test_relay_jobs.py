"""Whether the worker keeps tokens for relays ready, and where they go: from Twilio to the page of a call."""

from dataclasses import replace

from signaling import passes
from telemed import clock
from telemed.messages.simulated_twilio.provider import SimulatedTwilio
from telemed.messages.simulated_twilio.server import serve
from telemed.run import relay_jobs
from telemed.services import Services
from telemed.settings import Settings
from telemed.web import calls


def test_our_own_relays_need_no_job() -> None:
    assert relay_jobs.jobs(Settings()) == {}


def test_what_the_worker_fetched_is_what_a_page_gets(services: Services) -> None:
    with serve(SimulatedTwilio(clock.real_now), pumping=False) as running:
        settings = replace(
            services.settings,
            relays="twilio",
            twilio_api_url=running.address,
            twilio_account_sid=running.provider.account,
            twilio_auth_token=running.provider.token,
        )
        installed = replace(services, settings=settings)
        job, _every = relay_jobs.jobs(settings)["relays.refill"]
        assert [job(installed), job(installed)] == [12, 0]
    issued = calls.issue_pass(
        installed,
        room="room-a",
        role="patient",
        session="kiosk-1",
        nonce_hash=passes.hashed("nonce"),
        now_real=clock.real_now(),
    )
    servers = issued["ice"]
    assert isinstance(servers, list)
    relay = servers[1]
    assert relay["urls"][2] == "turn:global.turn.twilio.com:443?transport=tcp"
    assert relay["username"] in {made.username for made in running.provider.ledger.tokens()}
