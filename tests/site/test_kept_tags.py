"""Parts of the frame are rendered once for their keys; tokens and addresses are of each request all the same."""

from __future__ import annotations

import re

import pytest
from django.test import Client, RequestFactory

from nhipcau.site import kept_tags
from tests.network.tasks.cast import Cast, make_cast

TOKENS = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


@pytest.fixture
def cast(db: None) -> Cast:
    kept_tags._parts.clear()
    return make_cast()


def opened(client: Client, path: str) -> str:
    return client.get(path).content.decode()


def test_each_sees_their_own_name_places_and_language(cast: Cast) -> None:
    leader, officer = Client(), Client()
    leader.force_login(cast.leader)
    officer.force_login(cast.officer)
    for _ in range(2):
        of_leader, of_officer = opened(leader, "/offices/"), opened(officer, "/offices/")
        assert f"<summary><span>{cast.leader.name}</span>" in of_leader
        assert f"<summary><span>{cast.officer.name}</span>" in of_officer
        assert ('href="/audit/"' in of_leader, 'href="/audit/"' in of_officer) == (True, False)
    assert "Log out" not in of_leader
    leader.post("/language", {"language": "en", "next": "/"})
    assert "Log out" in opened(leader, "/offices/")
    assert "Đăng xuất" in opened(officer, "/offices/")


def test_tokens_and_addresses_are_those_of_the_request(cast: Cast) -> None:
    one, other = Client(), Client()
    pages = [(client, opened(client, f"/account/login/?next=/{number}/")) for number, client in enumerate((one, other))]
    for number, (client, page) in enumerate(pages):
        assert f'name="next" value="/account/login/?next=/{number}/"' in page
        assert len({token[:32] for token in TOKENS.findall(page)}) == 1
        assert kept_tags._TOKEN not in page
        assert kept_tags._HERE not in page
        strict = Client(enforce_csrf_checks=True)
        strict.cookies = client.cookies
        token = TOKENS.findall(page)[-1]
        answer = strict.post("/language", {"language": "en", "next": "/", "csrfmiddlewaretoken": token})
        assert answer.status_code == 302
    assert len({TOKENS.findall(page)[-1] for _, page in pages}) == 2


def test_addresses_are_escaped(cast: Cast) -> None:
    page = opened(Client(), '/account/login/?next="><script>alert(1)</script>')
    assert "<script>alert" not in page


def test_what_changes_is_shown_at_once(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.leader)
    assert cast.leader.name in opened(client, "/offices/")
    cast.leader.name = "Tên khác"
    cast.leader.save()
    assert "<summary><span>Tên khác</span>" in opened(client, "/offices/")


def test_no_more_is_kept_than_is_of_use(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_tags, "MOST", 3)
    request = RequestFactory().get("/")
    for number in range(10):
        context = kept_tags.Context({"request": request, "theme": "dark"})
        kept_tags.kept(context, "site/_bottom.html", number)
        assert len(kept_tags._parts) <= 3
