import { defineConfig, devices } from '@playwright/test'
import { existsSync } from 'node:fs'

const chromium =
  process.env.CHROMIUM ?? ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) => existsSync(path))

const withoutScripts = /\.nojs\.spec\.ts$/

export default defineConfig({
  testDir: 'stories',
  globalSetup: './support/setup.ts',
  outputDir: 'test-results',
  fullyParallel: true,
  forbidOnly: process.env.CI === 'true',
  workers: 2,
  timeout: 30_000,
  expect: { timeout: 7_000 },
  reporter: process.env.E2E_JSON ? [['list'], ['json', { outputFile: process.env.E2E_JSON }]] : 'list',
  use: {
    ...devices['Desktop Chrome'],
    headless: true,
    locale: 'en-GB',
    timezoneId: 'Europe/London',
    trace: 'retain-on-failure',
    screenshot: 'only-on-failure',
    launchOptions: {
      executablePath: chromium,
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        // A page that asks for anything elsewhere fails at once, with or without a network.
        '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1',
      ],
    },
  },
  projects: [
    { name: 'desktop', testIgnore: withoutScripts, use: { viewport: { width: 1280, height: 800 } } },
    {
      name: 'phone',
      testIgnore: [withoutScripts, /(budgets|explorer|pages|keyboard)\.spec\.ts$/],
      use: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 },
    },
    { name: 'no-javascript', testMatch: withoutScripts, use: { viewport: { width: 1280, height: 800 }, javaScriptEnabled: false } },
  ],
})
