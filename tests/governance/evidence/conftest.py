import pytest

from cjops.core.sealing import keys


@pytest.fixture
def key(tmp_path, settings):
    settings.LEDGER_KEY_FILE = str(tmp_path / "ledger.pem")
    return keys.make(settings.LEDGER_KEY_FILE).public
