"""What runs generations, put together: the job, its waits, callbacks and sweeps."""

from playhead.access.signed import Signer
from playhead.catalog.asset_urls import AssetUrls
from playhead.catalog.deletions import Deletions
from playhead.catalog.images.images import Images
from playhead.catalog.videos import Videos
from playhead.db.database import Database
from playhead.errors import InvalidInput
from playhead.generate.callbacks import Callbacks
from playhead.generate.catalogue import Catalogue
from playhead.generate.configured import Providers
from playhead.generate.downloading import Downloading, Limits
from playhead.generate.endings import Endings
from playhead.generate.inputs import Requests
from playhead.generate.jobs import GenerateJob, SettleJob
from playhead.generate.ledger import Ledger
from playhead.generate.lost import Lost
from playhead.generate.provider import Provider, Status, Submission
from playhead.generate.records import Records
from playhead.generate.submitting import Pace, Prepare, Submitting
from playhead.generate.tables import GenerationRow
from playhead.generate.waiting import Patience, Waiting
from playhead.generate.wakes import Wakes
from playhead.jobs.client import Jobs
from playhead.jobs.kinds import JobKinds
from playhead.services import Services, Sweep
from playhead.settings import Settings
from playhead.storage.store import Store


def add_running(services: Services, settings: Settings) -> None:
    """Add the services that run generations; `add_kinds` follows once all domains are registered."""
    get, deadline = services.get, settings.generate_deadline
    services.add(Records, lambda: Records(get(Database)))
    services.add(
        Requests,
        lambda: Requests(
            get(Records),
            get(Signer),
            get(AssetUrls),
            get(Images),
            get(Catalogue),
            public_url=settings.public_url,
            deadline=deadline,
        ),
    )
    services.add(
        Submitting,
        lambda: Submitting(get(Records), get(Providers).open, _prepare(services), pace=Pace(deadline=deadline)),
    )
    services.add(
        Waiting,
        lambda: Waiting(get(Records), Wakes(get(Database)), get(Providers).open, patience=Patience(deadline=deadline)),
    )
    services.add(
        Downloading,
        lambda: Downloading(
            get(Records),
            get(Store),
            get(Deletions),
            get(Providers).open,
            limits=Limits(most_bytes=settings.generate_max_result, life=settings.generate_result_life),
        ),
    )
    services.add(Endings, lambda: Endings(get(Database), get(Videos), get(Ledger), Charges(services)))
    services.add(
        Callbacks,
        lambda: Callbacks(get(Database), get(Jobs), get(Signer), get(Providers).open, deadline=deadline),
    )
    services.sweeps.append(Sweep("generations", lambda: Lost(get(Database), get(Jobs), get(Submitting)).sweep()))


def add_kinds(services: Services) -> None:
    """Add the kinds of job."""
    get = services.get
    parts = get(Submitting), get(Waiting), get(Downloading), get(Endings)
    get(JobKinds).register(GenerateJob(get(Records), get(Jobs), *parts).kind())
    get(JobKinds).register(SettleJob(get(Records), *parts).kind())


def _prepare(services: Services) -> Prepare:
    """As `Requests.prepare`; the catalogue of models is not read before."""

    async def prepare(row: GenerationRow, provider: Provider) -> Submission:
        return await services.get(Requests).prepare(row, provider)

    return prepare


class Charges:
    """What a request cost, by the catalogue as it was when the request was made.

    The catalogue is read when it is first needed: a process that runs no generation does without.
    """

    def __init__(self, services: Services) -> None:
        self._services = services

    def __call__(self, row: GenerationRow, status: Status) -> int | None:
        catalogue = self._services.get(Catalogue)
        try:
            model = catalogue.get(row.provider, row.model, today=row.created_at.date())
        except InvalidInput:  # it was taken out of the file of models
            return status.cost_micros
        return catalogue.charged(model, row.parameters, status)
