"""The cache, which may be away."""

import functools
import logging

from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis.exceptions import ConnectionError, TimeoutError

logger = logging.getLogger(__name__)


def forgiving(method, empty):
    @functools.wraps(method)
    def call(self, *args, **kwargs):
        try:
            return method(self, *args, **kwargs)
        except (ConnectionError, TimeoutError) as error:
            logger.warning("Cache away: %s", error)
            return empty(*args, **kwargs)

    return call


class LastingClient(RedisCacheClient):
    """Keeps the client of each server: making one costs more than what it is asked."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._clients = {}

    def get_client(self, key=None, *, write=False):
        pool = self._get_connection_pool(write)
        if pool not in self._clients:
            self._clients[pool] = self._client(connection_pool=pool)
        return self._clients[pool]


class ForgivingRedisCache(RedisCache):
    """With Redis down nothing is found in the cache and nothing fails."""

    def __init__(self, server, params):
        super().__init__(server, params)
        self._class = LastingClient

    get = forgiving(RedisCache.get, lambda key, default=None, version=None: default)
    get_many = forgiving(RedisCache.get_many, lambda *args, **kwargs: {})
    set_many = forgiving(RedisCache.set_many, lambda data, *args, **kwargs: list(data))
    set = forgiving(RedisCache.set, lambda *args, **kwargs: None)
    clear = forgiving(RedisCache.clear, lambda *args, **kwargs: False)
    delete_many = forgiving(RedisCache.delete_many, lambda *args, **kwargs: None)
    add = forgiving(RedisCache.add, lambda *args, **kwargs: True)
    touch = forgiving(RedisCache.touch, lambda *args, **kwargs: False)
    delete = forgiving(RedisCache.delete, lambda *args, **kwargs: False)
    has_key = forgiving(RedisCache.has_key, lambda *args, **kwargs: False)
    incr = forgiving(RedisCache.incr, lambda key, delta=1, version=None: delta)
