import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { privateFiles } from './private-files.js'

const filesIn = (folder: string): ReturnType<typeof privateFiles> =>
  privateFiles([`/no-such-root/${folder}`], { base: '/app/', roots: ['/no-such-root'] })

describe('privateFiles()', () => {
  it('has a file under a link, with a slash at the end too', async () => {
    const root = await mkdtemp(join(tmpdir(), 'latchkey-'))
    onTestFinished(() => rm(root, { recursive: true }))
    await mkdir(join(root, 'state'))
    await writeFile(join(root, 'state', 'a.json'), '{}')
    await symlink(join(root, 'state'), join(root, 'linked'))
    await symlink(join(root, 'state', 'a.json'), join(root, 'file.json'))
    const files = privateFiles([join(root, 'state')], { base: '/', roots: [root] })
    for (const path of [
      '/linked/a.json',
      '/linked/a.json/',
      '/%6Cinked/a.json/',
      '/linked/new.json',
      '/file.json/',
      `/@fs${root}/linked/a.json/`,
    ])
      expect(files.has(path), path).toBe(true)
    if (process.platform === 'linux') expect(files.has(`/@fs/proc/self/root${root}/state/a.json/`)).toBe(true)
    expect(files.has('/other.json/')).toBe(false)
  })

  it('takes no short cut for a module that may lead to a private file: links, other spellings, a path below a root', async () => {
    const root = await mkdtemp(join(tmpdir(), 'latchkey-'))
    onTestFinished(() => rm(root, { recursive: true }))
    await mkdir(join(root, 'state'))
    await mkdir(join(root, 'src'))
    await writeFile(join(root, 'state', 'a.json'), '{}')
    await writeFile(join(root, 'src', 'a.js'), '')
    await symlink(join(root, 'state', 'a.json'), join(root, 'src', 'link.js'))
    const files = privateFiles([join(root, 'state')], { base: '/', roots: [root] })
    expect(files.hasModule(join(root, 'src', 'a.js'))).toBe(false)
    expect(files.hasModule(`${join(root, 'src', 'a.js')}?v=1`)).toBe(false)
    for (const id of [
      `${root}/state/a.json`,
      `${root}/state/a.json?raw`,
      `${root}/src/link.js?import`,
      `${root}/src/../state/a.json`,
      `${root}//state/a.json`,
      `/@fs${root}/state/a.json`,
      `${root}/st%61te/a.json`,
      `${root}/src\\..\\state\\a.json`,
      '/src/link.js',
      '/state/new.json',
    ])
      expect(files.hasModule(id), id).toBe(true)
    // A file of that path is there, and Vite looks below its folders first.
    await mkdir(join(root, root), { recursive: true })
    await symlink(join(root, 'state'), join(root, root, 'src'))
    await writeFile(join(root, 'state', 'a.js'), '')
    expect(files.hasModule(join(root, 'src', 'a.js'))).toBe(true)
  })

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
    ['state', '/@fs/no-such-root/state\\a.json'],
    ['state', '/@fs/x\\../no-such-root/state/a.json'],
    ['state', '/@fs/no-such-root/x\\..\\state/a.json?import'],
    ['state', '/@fs/a/../../@fs/no-such-root/state/a.json'],
    ['state', '/x%5C..%5C/state/a.json'],
    ['state', '/state/a.json/'],
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
