from django.conf import settings

from insights import workflows


def test_the_drawn_workflows_are_the_ones_that_hold():
    drawn = (settings.BASE_DIR / "docs" / "workflows.md").read_text(encoding="utf-8")

    assert drawn == workflows.page(), "run manage.py draw_workflows"
