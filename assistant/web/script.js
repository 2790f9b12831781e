// What the pages need a script for: markers that lead to their quotation, copying,
// scrolling to a new turn, and filtering the measures while one types.
(function () {
  "use strict";
  var say = window.pageWords || {};
  document.documentElement.lang = window.pageLanguage || "zh-CN";
  var calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;

  function announce(sentence) {
    var toast = document.getElementById("toast");
    if (!toast) {
      toast = document.createElement("div");
      toast.id = "toast";
      toast.setAttribute("role", "status");
      document.body.appendChild(toast);
    }
    toast.textContent = sentence;
    toast.classList.add("shown");
    clearTimeout(announce.timer);
    announce.timer = setTimeout(function () { toast.classList.remove("shown"); }, 2500);
  }

  function scrollTo(element, block) {
    element.scrollIntoView({ behavior: calm ? "auto" : "smooth", block: block || "center" });
  }

  // #t2 is the second answer's section of sources, #t2-3 its third quotation.
  function showSource(target) {
    var match = /^#(t\d+)(?:-(\d+))?$/.exec(target);
    var section = match && document.getElementById(match[1]);
    if (!section) return false;
    document.querySelectorAll(".turn.current").forEach(function (turn) { turn.classList.remove("current"); });
    section.classList.add("current");
    var marks = match[2] ? section.querySelectorAll(".q-" + match[2]) : [];
    if (!marks.length) {
      scrollTo(section, "start");
      return true;
    }
    var card = marks[0].closest("details");
    if (card) card.open = true;
    scrollTo(marks[0]);
    marks.forEach(function (mark) {
      mark.classList.remove("flash");
      void mark.offsetWidth; // so that the animation starts anew
      mark.classList.add("flash");
    });
    return true;
  }

  function copyLastAnswer() {
    var texts = document.querySelectorAll("#panel .copy-text");
    if (!texts.length) return;
    var text = texts[texts.length - 1].textContent;
    var done = function () { announce(say["ask.copied"]); };
    if (navigator.clipboard && window.isSecureContext) {
      navigator.clipboard.writeText(text).then(done, function () { copyByHand(text, done); });
    } else {
      copyByHand(text, done); // a page served over plain HTTP has no clipboard
    }
  }

  function copyByHand(text, done) {
    var area = document.createElement("textarea");
    area.value = text;
    area.className = "off-screen";
    document.body.appendChild(area);
    area.select();
    var copied = document.execCommand("copy");
    area.remove();
    if (copied) done(); else announce(say["ask.copy_failed"]);
  }

  document.addEventListener("click", function (event) {
    var link = event.target.closest && event.target.closest("a[href^='#']");
    if (link && showSource(link.getAttribute("href"))) {
      event.preventDefault();
    } else if (link && link.classList.contains("to-answer")) {
      var replies = document.querySelectorAll("#messages .bot");
      if (replies.length) {
        event.preventDefault();
        scrollTo(replies[replies.length - 1], "start");
      }
    } else if (event.target.closest && event.target.closest("#copy")) {
      copyLastAnswer();
    }
  });

  // Enter that only confirms a word of an input method must not send the question.
  ["keydown", "keypress"].forEach(function (name) {
    document.addEventListener(name, function (event) {
      if (event.key === "Enter" && (event.isComposing || event.keyCode === 229)) event.stopPropagation();
    }, true);
  });

  // Gradio labels each message with its raw Markdown; a reader should hear the message itself.
  // A new question, and again its answer, is brought to the top of the view.
  var shown = "";
  function tidy() {
    document.querySelectorAll("#messages [data-testid][aria-label]").forEach(function (message) {
      message.removeAttribute("aria-label");
    });
    var asked = document.querySelectorAll("#messages .user-row");
    var state = asked.length + "/" + document.querySelectorAll("#messages .status").length;
    if (state === shown) return;
    shown = state;
    if (asked.length) scrollTo(asked[asked.length - 1], "start");
  }
  new MutationObserver(tidy).observe(document.documentElement, { childList: true, subtree: true });

  // The list of measures.
  function openTarget() {
    var entry = /^#[\w-]+$/.test(location.hash) && document.querySelector("details" + location.hash);
    if (entry) entry.open = true;
    var opened = entry || document.querySelector(".measures-page details[open]");
    if (opened) opened.scrollIntoView({ block: "start" });
  }

  function filterWhileTyping(form) {
    var timer, latest = 0;
    function refresh() {
      var turn = ++latest;
      var query = new URLSearchParams(new FormData(form)).toString();
      fetch(form.action + "?" + query).then(function (response) {
        if (!response.ok) throw new Error(String(response.status));
        return response.text();
      }).then(function (html) {
        if (turn !== latest) return;
        var fresh = new DOMParser().parseFromString(html, "text/html").getElementById("list");
        document.getElementById("list").replaceWith(fresh);
        history.replaceState(null, "", form.action + "?" + query);
      }).catch(function () { announce(say["measures.failed"]); });
    }
    form.addEventListener("input", function () {
      clearTimeout(timer);
      timer = setTimeout(refresh, 150);
    });
    form.addEventListener("submit", function (event) {
      event.preventDefault();
      clearTimeout(timer);
      refresh();
    });
  }

  function start() {
    var form = document.getElementById("filter");
    if (!form) return;
    filterWhileTyping(form);
    openTarget();
    window.addEventListener("hashchange", openTarget);
  }
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start); else start();
})();
