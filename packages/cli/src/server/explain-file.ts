/** What the codes of the system mean to the user of an option. */
const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'the file does not exist, or its folder',
  ENOTDIR: 'a part of the path is a file',
  EISDIR: 'this is a folder, expected a file',
  EACCES: 'this account may not open the file',
  EPERM: 'this account may not open the file',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
}

/** Returns true for an error of the file system with this code. */
export function isFileError(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}

/** Returns a TypeError that names the option and its file, and what to do about an error of the file system. */
export function explainFile(option: string, file: string, cause: unknown): TypeError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown error'
  return new TypeError(`${option}: cannot open ${file}: ${REASONS[code] ?? code}. Check the path and its permissions.`, { cause })
}
