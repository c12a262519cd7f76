"""Speed as ratios, side by side in one run: `make bench`. Nothing here is asserted."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")

import django

django.setup()

from django.db import connection  # noqa: E402

from tests.benchmarks import arithmetic, recomputation  # noqa: E402


def main() -> None:
    if connection.vendor == "sqlite":
        arithmetic.report()
    name = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0)
    try:
        recomputation.report()
    finally:
        connection.creation.destroy_test_db(str(name), verbosity=0)


if __name__ == "__main__":
    main()
