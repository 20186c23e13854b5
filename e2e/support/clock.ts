import { type APIRequestContext, expect } from '@playwright/test'

/** The demo practice's clock. It only goes forward, for every story at once, so push it gently. */
export class Clock {
  constructor(
    private readonly request: APIRequestContext,
    private readonly origin: string,
  ) {}

  async now(): Promise<Date> {
    const answer = await this.request.post('/graphql', { data: { query: '{ practice { now } }' } })
    return new Date((await answer.json()).data.practice.now)
  }

  async forward(minutes: number) {
    const answer = await this.request.post('/sandbox/clock', {
      form: { minutes: String(minutes) },
      headers: { origin: this.origin },
      maxRedirects: 0,
    })
    expect(answer.status(), 'pushing the clock').toBeLessThan(400)
  }

  /** To so many minutes after a moment. */
  async past(moment: Date, minutes = 0) {
    const away = moment.getTime() + minutes * 60_000 - (await this.now()).getTime()
    if (away > 0) await this.forward(Math.ceil(away / 60_000))
  }

  /** Past the minutes in which news waits for second thoughts. */
  async pastSecondThoughts() {
    await this.forward(4)
  }
}
