"""A Dask cluster of this machine: a scheduler and two workers, each a process."""

from contextlib import contextmanager

from distributed import Client, LocalCluster


@contextmanager
def two_workers():
    """Give the address of a scheduler whose workers are ready."""
    with (
        LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster,
        Client(cluster, set_as_default=False) as client,
    ):
        client.wait_for_workers(2, timeout=60)
        yield cluster.scheduler_address
