import { spawn } from 'node:child_process'
import { createServer } from 'node:http'

/**
 * Starts an example with `npm start`. It listens at the port of the variable PORT.
 *
 * @param {string} folder
 * @param {string | undefined} node the version of Node.js, if it is not this one
 * @returns {Promise<{ readonly origin: string, stop(): Promise<void> }>}
 */
export async function startApp(folder, node) {
  const port = await freePort()
  const origin = `http://localhost:${port}`
  const npm = ['npm', 'start']
  const [program = '', ...args] = node === undefined ? npm : ['npx', '--yes', '-p', `node@${node}`, '--', ...npm]
  const env = {
    ...process.env,
    PORT: String(port),
    ISSUER_PORT: String(await freePort()),
    API_PORT: String(await freePort()),
    NEXT_TELEMETRY_DISABLED: '1',
  }
  const child = spawn(program, args, { cwd: folder, env, detached: true })
  let output = ''
  child.stdout.on('data', (chunk) => (output += chunk))
  child.stderr.on('data', (chunk) => (output += chunk))
  const stop = async () => {
    if (child.exitCode !== null || child.pid === undefined) return
    const ended = new Promise((resolve) => child.once('exit', resolve))
    // With the programs that npm has started.
    process.kill(-child.pid)
    await ended
  }
  await waitFor(origin, () => child.exitCode === null).catch(async (error) => {
    await stop()
    throw new Error(`${folder} did not start:\n${output}`, { cause: error })
  })
  return { origin, stop }
}

/** @returns {Promise<number>} */
function freePort() {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}

/**
 * @param {string} origin
 * @param {() => boolean} isRunning
 */
async function waitFor(origin, isRunning) {
  const until = Date.now() + 120_000
  for (;;) {
    const response = await fetch(origin).catch(() => undefined)
    if (response?.ok) return
    if (!isRunning()) throw new Error('the program has ended')
    if (Date.now() > until) throw new Error('no page within two minutes')
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}
