// Puts a store some milliseconds away.
import { connect, createServer } from 'node:net'

/**
 * A proxy that sends everything on after half the delay.
 *
 * @param {number} port
 * @param {number} milliseconds
 * @returns {Promise<number>} its port
 */
export async function startDelay(port, milliseconds) {
  const proxy = createServer((near) => {
    const far = connect(port, '127.0.0.1')
    near.on('data', (data) => setTimeout(() => far.write(data), milliseconds / 2)).on('close', () => far.destroy())
    far.on('data', (data) => setTimeout(() => near.write(data), milliseconds / 2)).on('close', () => near.destroy())
  })
  await new Promise((resolve) => proxy.listen(0, '127.0.0.1', () => resolve(undefined)))
  const address = proxy.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}
