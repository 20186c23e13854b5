import { expect, test } from '../support/practice.ts'
import { expectAccessible, expectNoSidewaysScroll } from '../support/axe.ts'
import { linkIn } from '../support/mailbox.ts'
import { become } from '../support/people.ts'
import type { Page } from '@playwright/test'

test.use({ alone: true })

const email = 'nora.quist@example.org'
const toast = (page: Page, words: string) => expect(page.getByRole('status').filter({ hasText: words })).toBeVisible()

const sound = async (page: Page, what: string) => {
  await expectAccessible(page, what)
  await expectNoSidewaysScroll(page, what)
}

test('a therapist invites somebody, who comes in, reads, fills in and is a client', async ({ page, another, mailbox }) => {
  test.slow()
  await become(page, 'Ada')
  await page.goto('/admin/clients')
  await page.getByRole('link', { name: 'Invite somebody' }).click()
  await sound(page, 'inviting somebody')
  await page.getByLabel('Name').fill('Nora Quist')
  await page.getByLabel('Email').fill(email)
  await page.getByRole('button', { name: 'Send the invitation' }).click()
  await toast(page, 'The invitation is on its way.')
  await expect(page.locator('#invitations')).toContainText('Nora Quist')
  await sound(page, 'clients with invitations')

  const mail = await mailbox.first(email)
  expect(mail.subject).toBe('Your invitation')
  expect(`${mail.subject} ${mail.text}`).not.toMatch(/nora|ada|therap|session|client/i)
  const link = linkIn(mail, '/invitation')
  const nora = await another({}, /422/)
  await nora.goto(link)
  await expect(nora.getByRole('heading', { name: 'You are invited' })).toBeVisible()
  expect(nora.url(), 'the secret leaves the address bar').not.toContain('#')
  await sound(nora, 'an invitation')
  await nora.getByRole('button', { name: 'Open the invitation' }).click()
  await expect(nora.getByRole('heading', { name: 'Welcome, Nora' })).toBeVisible()
  await expect(nora.getByLabel('Time zone')).toHaveValue('Europe/London')
  await sound(nora, 'an open invitation')
  await nora.getByLabel('Phone').fill('020 7946 0177')
  await nora.getByRole('button', { name: 'Accept and come in' }).click()
  await expect(nora).toHaveURL(/\/portal$/)
  await expect(nora.getByRole('heading', { name: 'Before we meet' })).toBeVisible()
  await sound(nora, 'a portal with an intake')

  await nora.getByRole('link', { name: 'Read and accept how we work together' }).click()
  await sound(nora, 'a document')
  for (let left = 4; left > 0; left--) {
    await nora.getByRole('button', { name: 'I have read this and accept it' }).click()
    await toast(nora, 'Thank you. It is accepted.')
    if (left > 1) await nora.getByRole('link', { name: /^Read “/ }).click()
  }
  await expect(nora.getByText('You have accepted everything.')).toBeVisible()
  await sound(nora, 'documents')

  await nora.goto('/portal')
  await nora.getByRole('link', { name: 'Fill in the intake form' }).click()
  await nora.getByLabel('When were you born? (needed)').fill('1991-05-17')
  await nora.getByRole('radio', { name: 'A phone call' }).check()
  await sound(nora, 'the first part of the form')
  await nora.getByRole('button', { name: 'Save and go on' }).click()
  await nora.getByLabel('Their name (needed)').fill('Ivo Quist')
  await nora.getByRole('button', { name: 'Save and stop here' }).click()
  await toast(nora, 'Your answers are saved.')
  await nora.goto('/portal/intake?part=3')
  await nora.getByLabel('What would you like help with? (needed)').fill('Sleep.')
  await nora.getByRole('button', { name: 'Send it to Ada' }).click()
  const missing = nora.getByRole('alert').getByRole('link', { name: /Their phone number/ })
  await missing.click()
  await expect(nora.getByLabel('Their phone number (needed)')).toBeFocused()
  await sound(nora, 'a form with something missing')
  await nora.getByLabel('Their phone number (needed)').fill('07700 900400')
  await nora.getByRole('button', { name: 'Save and go on' }).click()
  await expect(nora.getByLabel('What would you like help with? (needed)')).toHaveValue('Sleep.')
  await nora.getByRole('button', { name: 'Send it to Ada' }).click()
  await toast(nora, 'Your form has been sent.')
  await expect(nora.getByText('You are working together.')).toBeVisible()

  await page.goto('/admin/clients?stage=ACTIVE')
  await page.getByRole('link', { name: 'Nora Quist' }).click()
  await page.getByText(/^Intake form, sent on/).click()
  await expect(page.locator('#intake')).toContainText('Ivo Quist')
  await expect(page.locator('#intake')).toContainText('Working together')
  await sound(page, 'a client with an intake')

  // The link has done its work.
  const late = await another({}, /410/)
  await late.goto(link)
  await late.getByRole('button', { name: 'Open the invitation' }).click()
  await expect(late.getByRole('heading', { name: 'This invitation has done its work' })).toBeVisible()
})

test('a therapist agrees a break, and ends and reopens the work', async ({ page }) => {
  test.slow()
  await become(page, 'Ada')
  await page.goto('/admin/clients?stage=ACTIVE')
  await page.getByRole('link', { name: 'Rosa Lind' }).click()
  await page.getByRole('button', { name: 'Begin a break' }).click()
  await toast(page, 'A break has begun.')
  await page.getByRole('button', { name: 'End the break' }).click()
  await toast(page, 'Rosa’s break is over.')
  await page.getByText('End the work with Rosa').click()
  await page.getByLabel('A letter, if you would like to leave one').fill('Go well, Rosa.')
  await sound(page, 'ending the work')
  await page.getByRole('button', { name: 'End the work' }).click()
  await toast(page, 'Your work with Rosa has ended.')
  await expect(page.getByText('Go well, Rosa.')).toBeVisible()
  await page.getByRole('button', { name: 'Open it again' }).click()
  await toast(page, 'Paid sessions are open to Rosa again.')
})

test('a therapist changes a document, and everyone is asked again', async ({ page, another }) => {
  await become(page, 'Ada')
  await page.goto('/admin/documents')
  await sound(page, 'the documents of the practice')
  await page.getByRole('link', { name: 'Fees and cancelling' }).click()
  await sound(page, 'a document being edited')
  await page.getByLabel('Text').fill('# Paying\n\nAt the end of each month.')
  await page.getByLabel(/^This changes what people agree to/).check()
  await page.getByRole('button', { name: 'Publish' }).click()
  await toast(page, 'The document is published.')
  const client = await another()
  await become(client, 'Mei-Ling')
  await expect(client.getByRole('heading', { name: 'Please have a look' })).toBeVisible()
  await client.getByRole('link', { name: 'Read and accept fees and cancelling' }).click()
  await expect(client.getByText('At the end of each month.')).toBeVisible()
})

test('a therapist puts her own form together', async ({ page }) => {
  await become(page, 'Ada')
  await page.goto('/admin/intake')
  await sound(page, 'the form being edited')
  await page.getByRole('button', { name: 'Add a question' }).click()
  await expect(page.getByText('These questions are not saved yet.')).toBeVisible()
  await page.getByLabel('Question').last().fill('Which name is on your doorbell?')
  await page.getByRole('button', { name: 'Save the form' }).click()
  await toast(page, 'The form is saved.')
  await expect(page.getByText(/^Version 2\./)).toBeVisible()
})

test('the pages of the intake can be read in the dark', async ({ page }) => {
  await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' })
  await become(page, 'Ada')
  for (const path of ['/admin/clients', '/admin/clients/invite', '/admin/documents', '/admin/documents/consent', '/admin/intake']) {
    await page.goto(path)
    await sound(page, `${path} (dark)`)
  }
  await become(page, 'Callum')
  for (const path of ['/portal', '/portal/documents', '/portal/documents/consent', '/portal/intake']) {
    await page.goto(path)
    await sound(page, `${path} (dark)`)
  }
})
