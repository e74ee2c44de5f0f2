import { memoryStore, type AtomicStore } from '@latchkey/server'

/** Opens the store that `--store` names. Throws a TypeError if the name is unknown or its package is not installed. */
export async function openStore(location: string): Promise<AtomicStore> {
  const [kind = '', ...rest] = location.split(':')
  const place = rest.join(':')
  if (place === '' && ['sqlite', 'memcached'].includes(kind))
    throw new TypeError(`--store: expected ${kind === 'sqlite' ? 'a file after "sqlite:"' : 'a host after "memcached:"'}`)
  switch (kind) {
    case 'memory':
      return memoryStore()
    case 'sqlite':
      return (await import('@latchkey/server/sqlite')).sqliteStore({ file: place })
    case 'redis':
    case 'rediss': {
      const { redisStore } = await import('@latchkey/server/redis').catch(explainMissing('@keyv/redis'))
      return redisStore({ redis: location })
    }
    case 'memcached': {
      const { memcachedStore } = await import('@latchkey/server/memcached').catch(explainMissing('@keyv/memcache'))
      return memcachedStore({ servers: place })
    }
    case 'postgres':
    case 'postgresql': {
      const { postgresStore } = await import('@latchkey/server/postgres').catch(explainMissing('pg'))
      return postgresStore({ postgres: location })
    }
    case 'mysql': {
      const { mysqlStore } = await import('@latchkey/server/mysql').catch(explainMissing('mysql2'))
      return mysqlStore({ mysql: location })
    }
    default:
      throw new TypeError(
        '--store: expected memory, sqlite:<file>, redis://<host>, memcached:<host>:<port>, postgres://<host>/<database> or mysql://<host>/<database>',
      )
  }
}

/** The clients of databases are optional peer dependencies. */
function explainMissing(name: string): (cause: unknown) => never {
  return (cause) => {
    const isMissing = cause instanceof Error && 'code' in cause && cause.code === 'ERR_MODULE_NOT_FOUND'
    if (!isMissing) throw cause
    throw new TypeError(`--store: this store needs the package ${name}. Run: npm install ${name}`, { cause })
  }
}
