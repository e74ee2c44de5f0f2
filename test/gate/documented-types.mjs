// The types whose members are options, with what their declarations in dist say. The READMEs and the documentation list them.
import { join } from 'node:path'
import ts from 'typescript'
import { root } from './command.mjs'

/**
 * The types by package and entry, with the heading of each table.
 *
 * @type {Readonly<Record<string, ReadonlyArray<readonly [string, string, string]>>>}
 */
export const TABLES = {
  core: [
    ['index', 'ClientOptions', '`createOAuthClient(options)`'],
    ['index', 'Resource', 'An entry of `resources`'],
    ['index', 'ComplianceHooks', '`compliance`'],
    ['index', 'RequestObjectOptions', '`requestObject`'],
    ['index', 'Environment', '`environment`'],
    ['index', 'LoginOptions', '`login(options)`, and `createAuthorizationUrl(client, options)` with `state` and `codeVerifier`'],
    ['index', 'LogoutOptions', '`logout(options)`'],
    ['index', 'AccessTokenOptions', '`getAccessToken(options)`'],
    ['index', 'RefreshOptions', '`refresh(options)`'],
    ['index', 'AuthedRequestInit', '`fetch(url, init)`, in addition to `RequestInit`'],
    ['index', 'RevokeOptions', '`revoke(token, options)`'],
    ['index', 'ResourceClientOptions', '`connectToResource(url, options)`'],
    [
      'registry',
      'RegistryOptions',
      '`createOAuthRegistry(entries, options)`; an entry has the options of a client and `apiBaseUrl`',
    ],
    ['accounts', 'AccountPolicy', '`createAccounts(options)`, in addition to those of `createOAuthClient`'],
    ['grants', 'GrantRequestOptions', 'Every grant'],
    ['grants', 'TokenExchangeOptions', '`tokenExchange(client, options)`'],
    ['grants', 'CibaOptions', '`ciba(client, options)`'],
    ['grants', 'PollOptions', '`poll(options)` of a device or CIBA sign-in'],
    ['grants', 'AssertionSessionOptions', '`assertionSession(options)`'],
    ['idle-timeout', 'IdleTimeoutOptions', '`startIdleTimeout(client, options)`'],
    ['session-monitor', 'SessionMonitorOptions', '`monitorSession(client, options)`'],
    ['telemetry', 'TraceOptions', '`traceClient(client, options)`'],
  ],
  oauth1: [
    ['index', 'OAuth1ClientOptions', '`createOAuth1Client(options)`'],
    ['signature', 'SignRequestOptions', '`signRequest(request, options)`'],
  ],
  react: [
    ['index', 'RequireSignInProps', '`<RequireSignIn>`'],
    ['index', 'RequireSignInOptions', '`requireSignIn(client, options)`'],
    ['index', 'UseTokenOptions', '`useToken(options)`'],
    ['index', 'UseAuthedFetchOptions', '`useAuthedFetch(options)`'],
    ['index', 'UseIdleTimeoutOptions', '`useIdleTimeout(options)`'],
    ['index', 'UseSessionMonitorOptions', '`useSessionMonitor(options)`'],
    ['index', 'UseBackChannelLogoutOptions', '`useBackChannelLogout(options)`'],
    ['testing', 'TestClientOptions', '`<TestOAuthProvider>`, `createTestClient(options)`'],
    ['testing', 'TestServerOptions', '`createTestServer(options)`'],
    ['testing', 'RenderWithAuthOptions', '`renderWithAuth(ui, options)`'],
    ['testing', 'FailureOptions', '`fail(status, options)` of a test server; the other faults have `at` and `times`'],
  ],
  resource: [
    ['index', 'TokenVerifierOptions', '`createTokenVerifier(options)`'],
    ['index', 'IssuerOptions', 'An entry of `issuer`'],
    ['index', 'IssuerIntrospectionOptions', '`introspection` of an issuer'],
    ['index', 'TokenProfile', '`profile` of an issuer'],
    ['index', 'DpopCheckOptions', '`dpop`'],
    ['index', 'ResourceMetadataOptions', '`metadata`'],
    ['index', 'TokenRequirements', '`verify(request, requirements)` and every guard'],
    ['logout', 'LogoutVerifierOptions', '`createLogoutVerifier(options)`'],
    ['logout', 'LogoutChannelOptions', '`createLogoutChannel(options)`'],
  ],
  server: [
    ['index', 'AuthorizationServerOptions', '`createAuthorizationServer(options)`'],
    ['index', 'ClientRecord', 'An entry of `clients`'],
    ['oauth1', 'OAuth1Options', '`oauth1(options)`'],
    ['oauth1', 'OAuth1ServerOptions', '`createOAuth1Server(options)`'],
    ['oauth1', 'OAuth1ClientRecord', 'An entry of `clients` of `oauth1()`'],
  ],
}

/** @type {ts.CompilerOptions} */
const COMPILER_OPTIONS = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  jsx: ts.JsxEmit.ReactJSX,
  skipLibCheck: true,
  noEmit: true,
  types: [],
}
/** @type {ts.CompilerHost | undefined} */
let host

/** A compiler host that parses each file once: the packages share most declarations, and all of the compiler's own. */
function createHost() {
  const created = ts.createCompilerHost(COMPILER_OPTIONS)
  const parse = created.getSourceFile.bind(created)
  /** @type {Map<string, ts.SourceFile | undefined>} */
  const parsed = new Map()
  created.getSourceFile = (file, options) => {
    if (!parsed.has(file)) parsed.set(file, parse(file, options))
    return parsed.get(file)
  }
  return created
}

/**
 * @typedef {object} Types
 * @property {ts.TypeChecker} checker
 * @property {(entry: string) => readonly ts.Symbol[]} exportsOf the exports of an entry, aliases resolved
 */

/**
 * Reads the declarations of a package.
 *
 * @param {string} name of the package
 * @param {readonly string[]} entries such as `index`
 * @returns {Types}
 */
export function readTypes(name, entries) {
  const fileOf = (/** @type {string} */ entry) => join(root, 'packages', name, 'dist', `${entry}.d.ts`)
  host ??= createHost()
  const program = ts.createProgram([...new Set(entries)].map(fileOf), COMPILER_OPTIONS, host)
  const checker = program.getTypeChecker()
  const exportsOf = (/** @type {string} */ entry) => {
    const source = program.getSourceFile(fileOf(entry))
    const module = source && checker.getSymbolAtLocation(source)
    return (module ? checker.getExportsOfModule(module) : []).map((symbol) =>
      symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol,
    )
  }
  return { checker, exportsOf }
}

/**
 * @param {Types} types
 * @param {string} entry
 * @param {string} type
 * @returns {ts.Symbol[]} the members that this repository declares
 */
export function membersOf({ checker, exportsOf }, entry, type) {
  const symbol = exportsOf(entry).find(({ name }) => name === type)
  return symbol ? checker.getPropertiesOfType(checker.getDeclaredTypeOfSymbol(symbol)).filter(isOurs) : []
}

/** @param {ts.Symbol} symbol */
function isOurs({ declarations = [] }) {
  return declarations.some((declaration) => !declaration.getSourceFile().fileName.includes('/node_modules/'))
}

/**
 * @param {ts.Symbol} symbol
 * @param {ts.TypeChecker} checker
 * @returns {string} the doc comment as one line
 */
export function commentOf(symbol, checker) {
  return ts.displayPartsToString(symbol.getDocumentationComment(checker)).replaceAll(/\s+/g, ' ').trim()
}
