import { PassThrough } from 'node:stream'
import { renderToPipeableStream } from 'react-dom/server'
import { App } from './app.js'

/** Renders a page. The server does not know the session, so everything that depends on it renders as `restoring`. */
export function render(url: string): PassThrough {
  const output = new PassThrough()
  const { pipe } = renderToPipeableStream(<App path={new URL(url, 'http://localhost').pathname} />, {
    onShellReady: () => void pipe(output),
    onShellError: (error) => output.destroy(error as Error),
  })
  return output
}
