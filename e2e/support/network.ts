import { type BrowserContext, expect } from '@playwright/test'

/**
 * Notes every request and every complaint of a browser. At the end of a story there must be no request to another host,
 * no violation of the content security policy, no error in the console and no uncaught exception.
 */
export class Watch {
  readonly requests: string[] = []
  private readonly foreign: string[] = []
  private readonly complaints: string[] = []
  private readonly expected: RegExp[] = []

  constructor(
    readonly context: BrowserContext,
    baseURL: string,
  ) {
    const home = new URL(baseURL).host
    context.on('request', (request) => {
      const url = new URL(request.url())
      this.requests.push(request.url())
      if (/^(https?|wss?):$/.test(url.protocol) && url.host !== home) this.foreign.push(request.url())
    })
    context.on('console', (message) => {
      // A page whose data cannot be read stays dead, and says so only as a warning.
      if (message.type() === 'error' || /data cannot be read/.test(message.text())) this.complaints.push(`${message.text()} (${message.location().url})`)
    })
    context.on('weberror', (error) => this.complaints.push(String(error.error())))
  }

  /** Complaints like this one belong to the story: a page that is missing on purpose, a refused form. */
  expect(complaint: RegExp) {
    this.expected.push(complaint)
  }

  /** What was asked for that matches, as paths. */
  asked(pattern: RegExp) {
    return this.requests.map((url) => new URL(url).pathname).filter((path) => pattern.test(path))
  }

  expectCalm() {
    expect.soft(this.foreign, 'requests to other hosts').toEqual([])
    const unexpected = this.complaints.filter((complaint) => !this.expected.some((pattern) => pattern.test(complaint)))
    expect.soft(unexpected, 'errors in the console').toEqual([])
  }
}
