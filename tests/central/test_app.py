"""The app round the endpoints: several processes, names of requests, logs, safe answers."""

import json
import logging
from dataclasses import replace
from typing import Any

import pytest
from starlette.responses import Response

from audit_app.central.app import build_app
from audit_app.central.database import Database
from audit_app.central.endpoints import Call, Endpoint
from audit_app.central.policy import Role
from audit_app.central.routes import ENDPOINTS
from tests.central.in_process import client_of
from tests.central.people import Town
from tests.central.test_grants import Programme


def test_any_process_over_the_database_knows_the_token(town: Town, database_url: str) -> None:
    laptop = town.person(Role.LEAD)
    other = Town(database_url)
    laptop.client = other.client
    assert laptop.ask("GET", "/v1/scopes").status_code == 200
    assert laptop.refresh().status_code == 200
    laptop.client = town.client
    assert laptop.ask("GET", "/v1/scopes").status_code == 200
    other.close()


def test_the_list_of_scopes_is_sent_only_when_it_changed(town: Town) -> None:
    programme = Programme(town)
    first = programme.lead.ask("GET", "/v1/scopes")
    tag = {"If-None-Match": first.headers["etag"]}
    assert programme.lead.ask("GET", "/v1/scopes", headers=tag).status_code == 304
    scope = (programme.vendor_scope, "vendor", str(programme.vendor), {"name": "Other"})
    programme.lead.push(scope)
    later = programme.lead.ask("GET", "/v1/scopes", headers=tag)
    assert later.status_code == 200
    assert later.headers["etag"] != first.headers["etag"]


def test_health_says_so_and_ready_asks_the_database(town: Town) -> None:
    assert town.client.get("/v1/health").json()["ok"] is True
    assert town.client.get("/v1/ready").status_code == 200
    version = town.client.get("/v1/version").json()
    assert (version["instance"], version["protocol"]) == (town.centre.key.instance, 1)


@pytest.mark.logs_warnings
def test_a_database_that_is_gone_is_told_as_not_ready(town: Town) -> None:
    gone = Database("postgresql://onsite_app@127.0.0.1:1/onsite?connect_timeout=1")
    with client_of(build_app(replace(town.centre, database=gone))) as client:
        response = client.get("/v1/ready")
        assert response.status_code == 503
        assert response.json()["error"] == "unready"
        assert client.get("/v1/health").status_code == 200
    gone.close()


@pytest.mark.parametrize("path", ["/", "/v1", "/v2/sync", "/%00"])
def test_an_address_that_is_not_there_is_refused_as_json(town: Town, path: str) -> None:
    response = town.client.get(path)
    assert response.status_code == 404
    assert response.json()["error"] == "not_found"


def test_a_method_that_is_not_there_is_refused_as_json(town: Town) -> None:
    response = town.client.put("/v1/sync")
    assert (response.status_code, response.json()["error"]) == (405, "method")


def test_the_description_is_given_out_only_where_it_is_switched_on(town: Town) -> None:
    assert town.client.get("/v1/openapi.json").status_code == 404
    with client_of(build_app(replace(town.centre, shows_docs=True))) as client:
        described = client.get("/v1/openapi.json").json()
    assert described["openapi"] == "3.1.0"
    assert set(described["paths"]) == {endpoint.path for endpoint in ENDPOINTS}


def test_counters_are_for_this_machine_only(town: Town) -> None:
    town.client.get("/v1/health")
    text = town.client.get("/v1/metrics").text
    assert 'onsite_requests_total{method="GET",route="/v1/health",status="200"} 1' in text
    assert 'onsite_request_seconds_count{route="/v1/health"} 1' in text
    with client_of(build_app(town.centre), address="192.0.2.7") as client:
        assert client.get("/v1/metrics").status_code == 404
        # What a request says about where it comes from is not believed.
        headers = {"X-Forwarded-For": "127.0.0.1", "Forwarded": "for=127.0.0.1"}
        assert client.get("/v1/metrics", headers=headers).status_code == 404


def a_mistake(_call: Call) -> Response:
    raise ZeroDivisionError("secret detail")


@pytest.mark.logs_warnings
def test_a_mistake_of_ours_is_told_to_nobody_but_the_log(
    town: Town, caplog: pytest.LogCaptureFixture
) -> None:
    endpoint = Endpoint("GET", "/v1/mistake", "Fails.", a_mistake)
    with client_of(build_app(town.centre, [endpoint])) as client:
        response = client.get("/v1/mistake")
    assert response.status_code == 500
    body = response.json()
    assert body["error"] == "failed"
    assert "secret" not in response.text
    assert body["request"] == response.headers["x-request-id"]
    assert body["request"] in caplog.text
    assert "secret detail" in caplog.text


def test_each_request_has_a_line_without_secrets_or_forged_ones(
    town: Town, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, logger="onsite.central.access")
    response = town.client.get("/v1/health%0d%0aforged?token=hidden")
    assert response.status_code == 404
    (record,) = [r for r in caplog.records if r.name == "onsite.central.access"]
    line = record.getMessage()
    assert response.headers["x-request-id"] in line
    assert "\n" not in line
    assert "\r" not in line
    assert "hidden" not in line


def test_answers_are_not_kept_or_guessed_at(town: Town) -> None:
    for response in (town.client.get("/v1/health"), town.client.get("/v1/scopes")):
        assert response.headers["cache-control"] == "no-store"
        assert response.headers["x-content-type-options"] == "nosniff"
        assert "server" not in response.headers


def test_a_body_with_a_foreign_field_is_refused(town: Town) -> None:
    admin = town.person(Role.ADMINISTRATOR)
    body: dict[str, Any] = {"login": "vera", "name": "Vera", "is_admin": True}
    response = admin.ask("POST", "/v1/accounts", json=body)
    assert response.status_code == 422
    assert "is_admin" in response.json()["words"]
    assert json.loads(response.text)["error"] == "form"


def test_an_account_is_made_granted_and_closed_over_http(town: Town) -> None:
    admin = town.person(Role.ADMINISTRATOR)
    grants = [{"role": "auditor", "reach": "market", "value": "fr"}]
    made = admin.ask("POST", "/v1/accounts", json={"login": "Vera", "name": "Vera"})
    assert made.status_code == 201
    user = made.json()["id"]
    again = admin.ask("POST", "/v1/accounts", json={"login": "vera", "name": "Vera"})
    assert (again.status_code, again.json()["error"]) == (409, "taken")
    path = f"/v1/accounts/{user}"
    assert admin.ask("PUT", f"{path}/grants", json={"grants": grants}).status_code == 204
    listed = admin.ask("GET", "/v1/accounts").json()["accounts"]
    (vera,) = [account for account in listed if account["id"] == user]
    assert vera["grants"] == [{"role": "auditor", "reach": "market", "value": "FR"}]
    assert len(admin.ask("POST", f"{path}/codes").json()["code"]) == 24
    assert admin.ask("DELETE", path).status_code == 204
    assert admin.ask("DELETE", path).status_code == 404
