import {
  connectToResource,
  type ChooseAuthorizationServer,
  type ConnectOptions,
  type LoginResult,
  OAuthClientError,
  type ResourceClientOptions,
  type ResourceConnection,
  SessionError,
  type SessionActivity,
} from '@latchkey/core'

/** The state of a connection to a resource. */
export interface ResourceState {
  /**
   * `discovering`: the resource and its authorization server are read, or the session is restored. `choosing`: the user has to choose one of
   * `servers`. `error`: the resource cannot be connected to; `connect()` tries again.
   */
  readonly status: 'discovering' | 'choosing' | 'signed-out' | 'connected' | 'error'
  readonly activity: SessionActivity
  /** The issuers to choose from; empty unless the status is `choosing`. */
  readonly servers: readonly string[]
  /** Why the discovery or the last sign-in or refresh failed, until the next attempt. */
  readonly error: OAuthClientError | undefined
  /** Undefined until the discovery has ended. */
  readonly connection: ResourceConnection | undefined
}

/** The state that a server renders, and the browser once while it hydrates. */
export const DISCOVERING: ResourceState = {
  status: 'discovering',
  activity: 'idle',
  servers: [],
  error: undefined,
  connection: undefined,
}

/** Options of `connect`: those of a sign-in, and the authorization server, if the user has chosen one. */
export interface ResourceConnectOptions extends ConnectOptions {
  readonly server?: string | undefined
}

/** One attempt to connect. */
interface Attempt {
  readonly abort: AbortController
  readonly result: Promise<ResourceConnection | undefined>
}

/** Connects to one resource while it has listeners, and shows the state of its client. */
export class ResourceStore {
  readonly #url: string
  readonly #options: () => ResourceClientOptions
  readonly #listeners = new Set<() => void>()
  #state: ResourceState = DISCOVERING
  #attempt: Attempt | undefined
  #choose: ((server: string | undefined) => void) | undefined
  #detach: (() => void) | undefined

  /** @param options are read when an attempt starts */
  constructor(url: string, options: () => ResourceClientOptions) {
    this.#url = url
    this.#options = options
  }

  readonly getSnapshot = (): ResourceState => this.#state

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    if (!this.#attempt) this.#start()
    return () => {
      this.#listeners.delete(listener)
      // StrictMode unmounts and remounts synchronously: closing in between would abort the code exchange in progress.
      queueMicrotask(() => this.#listeners.size === 0 && this.#close())
    }
  }

  readonly choose = (server: string): void => this.#choose?.(server)

  /** Never rejects: a failure is in the state. */
  readonly connect = async (options?: ResourceConnectOptions): Promise<LoginResult | undefined> => {
    const { server, ...login } = { ...options }
    if (server !== undefined) this.choose(server)
    // A client that the server does not know stays unknown: another attempt registers a new one.
    const isOver = this.#state.status === 'error' || this.#state.error?.error === 'invalid_client'
    if (isOver) this.#close()
    // Without waiting, so that a popup opens inside the click.
    const { connection } = this.#state
    const ready = connection ?? (await (this.#attempt ?? this.#start()).result)
    return ready?.connect(login).catch(() => undefined)
  }

  readonly disconnect = async (): Promise<void> => {
    await this.#state.connection?.disconnect()
  }

  readonly fetch: ResourceConnection['fetch'] = async (input, init) => {
    const isPending = this.#state.status === 'discovering'
    const connection = this.#state.connection ?? (isPending ? await this.#attempt?.result : undefined)
    if (connection) return connection.fetch(input, init)
    throw new SessionError('missing_token', 'The resource is not connected, so there is no access token for it.', {
      hint: 'Call fetch() while the status is "connected".',
    })
  }

  #start(): Attempt {
    const abort = new AbortController()
    const attempt: Attempt = { abort, result: this.#run(abort.signal) }
    this.#attempt = attempt
    return attempt
  }

  async #run(signal: AbortSignal): Promise<ResourceConnection | undefined> {
    this.#show(DISCOVERING)
    const options = this.#options()
    const { chooseAuthorizationServer = this.#letUserChoose } = options
    try {
      const connection = await connectToResource(this.#url, { ...options, chooseAuthorizationServer, signal })
      if (!signal.aborted) return this.#attach(connection)
      await connection.close()
    } catch (cause) {
      if (!signal.aborted && cause instanceof OAuthClientError) this.#show({ ...DISCOVERING, status: 'error', error: cause })
    }
    return undefined
  }

  readonly #letUserChoose: ChooseAuthorizationServer = async (servers, _metadata, former) => {
    const [only] = servers
    if (servers.length === 1 || former !== undefined) return former ?? only
    const chosen = await new Promise<string | undefined>((resolve) => {
      this.#choose = resolve
      this.#show({ ...DISCOVERING, status: 'choosing', servers })
    })
    this.#choose = undefined
    if (this.#attempt) this.#show(DISCOVERING)
    return chosen
  }

  #attach(connection: ResourceConnection): ResourceConnection {
    const { client } = connection
    const show = (): void => {
      const { status, activity, error } = client.getSnapshot()
      const shown = { restoring: 'discovering', 'signed-out': 'signed-out', 'signed-in': 'connected' } as const
      this.#show({ status: shown[status], activity, servers: [], error, connection })
    }
    const unsubscribe = client.subscribe(show)
    this.#detach = () => {
      unsubscribe()
      void connection.close()
    }
    show()
    return connection
  }

  #close(): void {
    this.#attempt?.abort.abort()
    this.#attempt = undefined
    this.#choose?.(undefined)
    this.#detach?.()
    this.#detach = undefined
    this.#state = DISCOVERING
  }

  #show(state: ResourceState): void {
    this.#state = state
    for (const listener of this.#listeners) listener()
  }
}
