"""A real double click, as hasty people do it."""

import json
import re

import pytest

from tests.support.site import SIGN_IN

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.redis, pytest.mark.worker, pytest.mark.timeout(300)]
SETUP = """
from tests import make
make.liaison(make.nation("XD", "Doubleland"), email="hasty@example.org", name="Hasty Sender")
"""
NUMBERS = """
import json
from enrollment.models import TrainingRequest
filed = TrainingRequest.objects.filter(liaison__email="hasty@example.org")
print(json.dumps([each.number for each in filed]))
"""


def test_a_double_click_on_save_makes_one_draft_and_shows_it(people, sqlite_site):
    sqlite_site.shell(SETUP)
    hasty = people(sqlite_site, "hasty")
    session = json.loads(sqlite_site.shell(SIGN_IN.format(email="hasty@example.org")))["sessionid"]
    hasty.context.add_cookies([{"name": "sessionid", "value": session, "url": sqlite_site.address}])
    hasty.open("/requests/new/")
    hasty.page.locator('main [name="kind"]').first.check()
    hasty.fill(people="12", purpose="Advisers for two brigades")

    hasty.page.locator('main button[name="deed"][value="draft"]').dblclick()
    hasty.page.wait_for_url(re.compile(r"/requests/\d+/$"))

    (number,) = json.loads(sqlite_site.shell(NUMBERS))
    hasty.sees(number)
    assert hasty.page.locator("[role=status]").inner_text().count("saved as a draft") == 1
