import { type APIRequestContext, expect } from '@playwright/test'

export interface Mail {
  id: string
  to: string
  from: string
  subject: string
  text: string
  html: string
  attachments: { name: string; contentType: string; text: string }[]
  at: string
}

/** The sandbox's mailbox: what the practice has sent, newest last. */
export class Mailbox {
  constructor(private readonly request: APIRequestContext) {}

  async to(address: string): Promise<Mail[]> {
    const answer = await this.request.get('/sandbox/mailbox.json')
    expect(answer.ok(), `the mailbox answers ${answer.status()}`).toBe(true)
    const mails: Mail[] = await answer.json()
    return mails.filter((mail) => mail.to.toLowerCase().includes(address.toLowerCase())).sort((a, b) => a.at.localeCompare(b.at))
  }

  /** Waits for the first mail to this address that matches. */
  async first(address: string, matching: (mail: Mail) => boolean = () => true, timeout = 20_000): Promise<Mail> {
    let mail: Mail | undefined
    await expect(async () => {
      const mails = await this.to(address)
      mail = mails.find(matching)
      expect(mail, `a mail to ${address}; there: ${mails.map(({ subject }) => subject).join(', ') || 'none'}`).toBeTruthy()
    }).toPass({ timeout, intervals: [250, 500, 1000] })
    return mail!
  }
}

/** The path of the first link in a mail that starts like this. */
export function linkIn(mail: Mail, path: string): string {
  const found = new RegExp(`https?://[^\\s"'<>]+?(${path}[^\\s"'<>]*)`).exec(`${mail.text}\n${mail.html}`)
  expect(found, `a link to ${path} in "${mail.subject}"`).toBeTruthy()
  return found![1]!.replace(/&amp;/g, '&').replace(/[.,)]+$/, '')
}
