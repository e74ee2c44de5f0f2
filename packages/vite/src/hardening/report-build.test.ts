import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseAst } from 'vite'
import { describe, expect, it } from 'vitest'
import { contentSecurityPolicy } from './content-security-policy.js'
import { resolveHardening } from './hardening-options.js'
import { readPage } from './read-page.js'
import { reportBuild } from './report-build.js'

const NONE = { pages: [], stylesheets: [], base: '/', issuer: undefined, resources: [], sources: {} }

describe('the policy of a build', () => {
  it('names the server, the APIs, and what pages and style sheets load from elsewhere', () => {
    const page = readPage(
      '<script src="https://cdn.example/a.js"></script><link rel="stylesheet" href="//styles.example/a.css"><img src=https://images.example/a.png><iframe src="/own"></iframe>',
    )
    const policy = contentSecurityPolicy({
      ...NONE,
      pages: [page],
      stylesheets: ['@import "https://fonts.example/css"; a { background: url(/own.png) }'],
      base: 'https://files.example/app/',
      issuer: 'https://id.example.com/realms/a',
      resources: ['https://api.example.com/v1/', '/api'],
      sources: { 'connect-src': ['https://collector.example'], 'media-src': ['https://media.example'] },
    })
    for (const part of [
      "script-src 'self' https://files.example https://cdn.example;",
      "style-src 'self' https://files.example https://styles.example;",
      "img-src 'self' data: https://files.example https://images.example https://fonts.example;",
      "connect-src 'self' https://id.example.com https://api.example.com https://collector.example;",
      "frame-src 'self' https://id.example.com;",
      "media-src 'self' https://media.example;",
      "frame-ancestors 'self';",
      "base-uri 'self';",
      "object-src 'none'; require-trusted-types-for 'script'",
    ])
      expect(policy).toContain(part)
    expect(policy).not.toContain('unsafe')
  })

  it('has a hash of each inline script and style, as browsers make it, and none of data or comments', () => {
    // The example of Content Security Policy Level 3, section 1.1 of the hash of an inline script.
    const page =
      readPage(`<!-- <script>no()</script> --><script>alert('Hello, world.');</script><script type="application/json">{}</script>
      <style>a{}</style><script>if (a) { '<style>b{}</style>' }</script>`)
    expect(page.scripts).toHaveLength(2)
    expect(page.scripts[0]).toBe("'sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng='")
    expect(page.styles).toHaveLength(1)
    expect(readPage('<script>a\r\nb</script>').scripts).toEqual(readPage('<script>a\nb</script>').scripts)
  })

  it.each(['<a onclick="go()">', "<a href='javascript:go()'>", '<p style="color: red">'])('says that it refuses %s', (html) => {
    expect(readPage(html).refused).toHaveLength(1)
  })
})

describe('the report of a build', () => {
  it('is written, with the module of each finding and the pages that are not hardened', async () => {
    const root = await mkdtemp(join(tmpdir(), 'latchkey-report-'))
    const outDir = join(root, 'dist')
    await mkdir(join(outDir, 'sub'), { recursive: true })
    await writeFile(
      join(outDir, 'index.html'),
      '<head><script>first()</script><script type="module" src="/a.js"></script></head>',
    )
    await writeFile(join(outDir, 'sub', 'public.html'), '<script>other()</script><script>first()</script>')
    const folder = join(root, 'report')
    const { policy, findings } = await reportBuild({
      ...NONE,
      root,
      outDir,
      folder,
      firstScript: 'first()',
      parse: parseAst,
      files: [
        {
          type: 'chunk',
          fileName: 'a.js',
          modules: {
            [join(root, 'src/main.ts')]: { code: 'eval(a)' },
            [`/elsewhere/node_modules/.pnpm/lib@1/node_modules/lib/index.js?v=1`]: { code: 'b.innerHTML = c' },
            '\0virtual:x': { code: null },
          },
        },
        { type: 'chunk', fileName: 'b.js', code: 'new Function(a)' },
        { type: 'asset', fileName: 'c.css', source: 'a { background: url("https://images.example/a.png") }' },
      ],
    })
    expect(findings).toEqual([
      expect.stringMatching(/^sub\/public\.html: its first script/),
      expect.stringMatching(/^src\/main\.ts: eval\(\) is refused/),
      expect.stringMatching(/^lib\/index\.js: innerHTML is refused under Trusted Types/),
      expect.stringMatching(/^b\.js: new Function\(\) is refused/),
    ])
    expect(policy).toContain('https://images.example')
    expect(JSON.parse(await readFile(join(folder, 'report.json'), 'utf8'))).toEqual({ policy, findings })
    expect(await readFile(join(folder, 'content-security-policy.txt'), 'utf8')).toBe(`${policy}\n`)
    expect(await readFile(join(folder, '_headers'), 'utf8')).toBe(`/*\n  Content-Security-Policy: ${policy}\n`)
  })
})

describe('the first script of a page', () => {
  const findingsOf = async (page: string): Promise<readonly string[]> => {
    const root = await mkdtemp(join(tmpdir(), 'latchkey-report-'))
    await writeFile(join(root, 'index.html'), page)
    const input = {
      ...NONE,
      root,
      outDir: root,
      folder: join(root, 'report'),
      firstScript: 'first()',
      parse: parseAst,
      files: [],
    }
    return (await reportBuild(input)).findings.filter((finding) => finding.includes('its first script'))
  }

  it.each([
    '<head><script type="text/plain">first()</script><script src="/a.js"></script>',
    '<!-- <script>first()</script> --><script src="/a.js"></script>',
    '<body onload="go()"><script>first()</script>',
    '<img src="x"\nonerror=go()><script>first()</script>',
    '<iframe srcdoc="x"></iframe><script>first()</script>',
    '<script src="/a.js"></script><script>first()</script>',
  ])('is reported if something can run before it, or it cannot run itself: %s', async (page) => {
    expect(await findingsOf(page)).toHaveLength(1)
  })

  it.each([
    '<!doctype html><!-- <script>no()</script> --><html lang="en"><head><script>first()</script><script src="/a.js"></script>',
    '<head><meta content="on = off"><script nonce="abc">first()</script>',
  ])('is not reported else: %s', async (page) => {
    expect(await findingsOf(page)).toEqual([])
  })
})

describe('the option "hardening"', () => {
  it('is off by default, and all of it with true', () => {
    expect(resolveHardening(undefined)).toEqual({ callback: false, report: undefined, sources: {} })
    expect(resolveHardening(true)).toEqual({ callback: true, report: 'latchkey-report', sources: {} })
    expect(resolveHardening({ report: false })).toEqual({ callback: true, report: undefined, sources: {} })
  })

  it.each([{ 'img-src': ['https://a.example; script-src *'] }, { 'img-src': [''] }, { 'img src': ['https://a.example'] }])(
    'refuses sources that would end a directive: %j',
    (sources) => {
      expect(() => resolveHardening({ sources })).toThrow('hardening.sources')
    },
  )
})
