import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished, vi } from 'vitest'
import { watchFiles } from './watch-files.js'

/** Watches a file that an editor has just emptied, with the clock stopped. */
async function watchEmptied(): Promise<{ readonly file: string; readonly onChange: ReturnType<typeof vi.fn> }> {
  const folder = await mkdtemp(join(tmpdir(), 'latchkey-watch-'))
  const file = join(folder, 'clients.yaml')
  await writeFile(file, 'clients')
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  const onChange = vi.fn()
  const stop = watchFiles([file], onChange)
  onTestFinished(async () => {
    stop()
    vi.useRealTimers()
    await rm(folder, { recursive: true })
  })
  await writeFile(file, '')
  await expect.poll(() => vi.getTimerCount()).toBe(1)
  return { file, onChange }
}

it('does not report a file that an editor has emptied to write it', async () => {
  const { file, onChange } = await watchEmptied()
  await vi.advanceTimersByTimeAsync(450)
  expect(onChange).not.toHaveBeenCalled()
  await writeFile(file, 'other clients')
  await expect
    .poll(async () => {
      await vi.advanceTimersByTimeAsync(50)
      return onChange.mock.calls.length
    })
    .toBeGreaterThan(0)
})

it('reports a file that stays empty', async () => {
  const { onChange } = await watchEmptied()
  await expect
    .poll(async () => {
      await vi.advanceTimersByTimeAsync(550)
      return onChange.mock.calls.length
    })
    .toBeGreaterThan(0)
})
