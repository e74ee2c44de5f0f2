import { describe, expect, it } from 'vitest'
import { privateFiles } from './private-files.js'

const filesIn = (folder: string): ReturnType<typeof privateFiles> =>
  privateFiles([`/no-such-root/${folder}`], { base: '/app/', roots: ['/no-such-root'] })

describe('privateFiles()', () => {
  it.each([
    ['state', '/state/a.json'],
    ['state', '/app/st%61te/a.json?raw'],
    ['state', '/st%2561te/a.json'],
    ['state', '/@id/file:///no-such-root/state/a.json'],
    ['state', '/state/a.json%'],
    ['state', '/st%61te/%ff.json'],
    ['st%41te', '/st%2541te/a.json'],
    ['st%41te', '/@fs/no-such-root/st%2541te/a.json'],
    ['st%41te', '/no-such-root/st%41te/a.json'],
    ['st%2541te', '/st%252541te/a.json'],
    ['100%', '/100%25/a.json'],
    ['a#b', '/no-such-root/a#b/a.json?raw'],
    ['a#b', '/a%23b/a.json'],
  ])('has the files of "%s" under %s', (folder, url) => {
    expect(filesIn(folder).has(url)).toBe(true)
  })

  it.each(['/stAte/a.json', '/src/app.ts', '/', '\0virtual:latchkey', '/oauth/authorize?a=/state/a.json'])(
    'has not %s',
    (url) => {
      expect(filesIn('state').has(url)).toBe(false)
    },
  )
})
