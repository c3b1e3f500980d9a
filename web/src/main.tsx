import "@mantine/core/styles.css";
import "./app/base.css";
import { MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { Bars } from "./app/Bars";
import { colorSchemeManager } from "./app/color-scheme";
import { router } from "./app/router";
import { theme } from "./app/theme";
import { Toasts } from "./components/Toasts";
import { watchInvalidFields } from "./lib/invalid-fields";
import { queryClient } from "./lib/query-client";
import { returns } from "./lib/reach";
import { endSplash } from "./lib/splash";

router.subscribe("onRendered", endSplash);
returns.watch(() => void queryClient.invalidateQueries());
watchInvalidFields();

createRoot(document.getElementById("root")!).render(
  <StrictMode>
    <MantineProvider theme={theme} defaultColorScheme="auto" colorSchemeManager={colorSchemeManager()}>
      <QueryClientProvider client={queryClient}>
        <Bars />
        <RouterProvider router={router} />
        <Toasts />
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);
