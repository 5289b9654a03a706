// SPDX-License-Identifier: GPL-2.0-only
#include "slurm-cluster.h"

#include "program/tool.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <netinet/in.h>
#include <pwd.h>
#include <random>
#include <stdexcept>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace fs = std::filesystem;

namespace
{

using std::chrono::milliseconds;

/// Where Debian has the daemons, which is not on the PATH of every user.
const std::string g_programs = "/usr/sbin/";

/// How long the cluster may take to begin and to end: no test waits as long if all is well.
constexpr int PATIENCE = 300; // of these:
constexpr milliseconds PAUSE(100);

std::string
GetUser()
{
    const auto* user = getpwuid(geteuid());
    return user ? user->pw_name : std::to_string(geteuid());
}

/// @return the host's name up to the first point, by which Slurm knows it.
std::string
GetHost()
{
    std::array<char, 256> name{};
    gethostname(name.data(), name.size() - 1);
    const std::string full = name.data();
    return full.substr(0, full.find('.'));
}

/// @return ports of loopback that nobody listens on.
std::array<uint16_t, 2>
FindPorts()
{
    std::array<uint16_t, 2> ports{};
    std::array<int, 2> sockets{};
    for (std::size_t i = 0; i < ports.size(); ++i)
    {
        sockets[i] = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof(address);
        auto* any = reinterpret_cast<sockaddr*>(&address);
        if (bind(sockets[i], any, size) != 0 || getsockname(sockets[i], any, &size) != 0)
        {
            throw std::runtime_error("no port is free");
        }
        ports[i] = ntohs(address.sin_port);
    }
    for (const int each : sockets)
    {
        close(each);
    }
    return ports;
}

/// @return the last line of a daemon's log.
std::string
ReadLastLine(const fs::path& path)
{
    std::string last;
    std::ifstream file(path);
    for (std::string line; std::getline(file, line);)
    {
        last = line;
    }
    return last;
}

/// Writes munge's key, which nobody else may read.
void
WriteKey(const fs::path& path)
{
    std::ofstream(path).flush();
    fs::permissions(path, fs::perms::owner_read | fs::perms::owner_write);
    std::ofstream file(path, std::ios::binary);
    std::random_device random;
    for (int i = 0; i < 64; ++i)
    {
        const auto word = random();
        file.write(reinterpret_cast<const char*>(&word), sizeof(word));
    }
}

} // namespace

SlurmCluster::SlurmCluster()
{
    for (const char* program : {"munged", "slurmctld", "slurmd"})
    {
        const std::string path = std::string(g_programs).append(program);
        if (access(path.c_str(), X_OK) != 0)
        {
            m_problem = "there is no " + path;
            return;
        }
    }
    std::string folder = (fs::temp_directory_path() / "p2pim-slurm-XXXXXX").string();
    if (!mkdtemp(folder.data()))
    {
        m_problem = "cannot make " + folder;
        return;
    }
    m_folder = folder;
    // What slurmd starts in the background is to be ours when slurmd has ended.
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    // munge insists on a socket that everybody can reach, in folders that nobody else can write.
    for (const auto& path : {m_folder, m_folder / "munge"})
    {
        fs::create_directories(path);
        fs::permissions(path,
                        fs::perms::owner_all | fs::perms::group_exec | fs::perms::others_exec);
    }
    WriteKey(m_folder / "key");
    WriteConfiguration();
    const std::string configuration = (m_folder / "slurm.conf").string();
    setenv("SLURM_CONF", configuration.c_str(), 1);
    Start("munged",
          {"--foreground",
           "--socket=" + (m_folder / "munge/socket").string(),
           "--key-file=" + (m_folder / "key").string(),
           "--pid-file=" + (m_folder / "munge/pid").string(),
           "--seed-file=" + (m_folder / "munge/seed").string(),
           "--log-file=" + (m_folder / "munge/log").string()});
    Start("slurmctld", {"-D", "-c", "-f", configuration});
    Start("slurmd", {"-D", "-c", "-N", GetHost(), "-f", configuration});
    m_problem = WaitUntilIdle();
}

SlurmCluster::~SlurmCluster()
{
    if (m_folder.empty())
    {
        return;
    }
    p2pim::program::RunTool({"scancel", "--me"});
    for (auto daemon = m_daemons.rbegin(); daemon != m_daemons.rend(); ++daemon)
    {
        kill(*daemon, SIGTERM);
        waitpid(*daemon, nullptr, 0);
    }
    for (int i = 0; i < PATIENCE && waitpid(-1, nullptr, WNOHANG) >= 0; ++i)
    {
        std::this_thread::sleep_for(PAUSE / 10);
    }
    prctl(PR_SET_CHILD_SUBREAPER, 0);
    fs::remove_all(m_folder);
    unsetenv("SLURM_CONF");
}

const std::string&
SlurmCluster::GetProblem() const
{
    return m_problem;
}

void
SlurmCluster::WriteConfiguration() const
{
    fs::create_directories(m_folder / "state");
    fs::create_directories(m_folder / "spool");
    const auto ports = FindPorts();
    const std::string place = m_folder.string();
    std::ofstream file(m_folder / "slurm.conf");
    file << "ClusterName=p2pim\n"
         << "SlurmctldHost=" << GetHost() << "(127.0.0.1)\n"
         << "SlurmUser=" << GetUser() << "\nSlurmdUser=" << GetUser() << "\n"
         << "SlurmctldPort=" << ports[0] << "\nSlurmdPort=" << ports[1] << "\n"
         << "CommunicationParameters=NoInAddrAny,NoCtldInAddrAny\n"
         << "AuthType=auth/munge\nAuthInfo=socket=" << place << "/munge/socket\n"
         << "StateSaveLocation=" << place << "/state\nSlurmdSpoolDir=" << place << "/spool\n"
         << "SlurmctldPidFile=" << place << "/slurmctld.pid\n"
         << "SlurmdPidFile=" << place << "/slurmd.pid\n"
         << "ProctrackType=proctrack/linuxproc\nTaskPlugin=task/none\nMpiDefault=none\n"
         << "SelectType=select/cons_tres\nSelectTypeParameters=CR_CPU\n"
         << "SchedulerType=sched/builtin\n"
         << "SchedulerParameters=batch_sched_delay=0,sched_interval=1,sched_min_interval=0\n"
         << "AccountingStorageType=accounting_storage/none\n"
         << "JobAcctGatherType=jobacct_gather/none\nMailProg=/bin/true\n"
         << "KillWait=1\nReturnToService=2\n"
         << "NodeName=" << GetHost() << " NodeAddr=127.0.0.1 CPUs=2 State=UNKNOWN\n"
         << "PartitionName=test Nodes=ALL Default=YES State=UP\n";
}

void
SlurmCluster::Start(const std::string& program, const std::vector<std::string>& options)
{
    const std::string path = g_programs + program;
    const std::string log = (m_folder / (program + ".log")).string();
    std::vector<char*> words{const_cast<char*>(path.c_str())};
    for (const auto& option : options)
    {
        words.push_back(const_cast<char*>(option.c_str()));
    }
    words.push_back(nullptr);
    const pid_t process = fork();
    if (process == 0)
    {
        prctl(PR_SET_PDEATHSIG, SIGTERM);
        const int file = open(log.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
        dup2(file, STDOUT_FILENO);
        dup2(file, STDERR_FILENO);
        execv(path.c_str(), words.data());
        _exit(127);
    }
    m_daemons.push_back(process);
}

std::string
SlurmCluster::WaitUntilIdle()
{
    for (int i = 0; i < PATIENCE; ++i)
    {
        for (auto& daemon : m_daemons)
        {
            if (waitpid(daemon, nullptr, WNOHANG) != 0)
            {
                const auto place = &daemon - m_daemons.data();
                const std::string name = std::array{"munged", "slurmctld", "slurmd"}[place];
                m_daemons.erase(m_daemons.begin() + place);
                return name + " has ended: " + ReadLastLine(m_folder / (name + ".log"));
            }
        }
        const auto state = p2pim::program::RunTool({"sinfo", "--noheader", "--format=%t"});
        if (!state)
        {
            return "there is no sinfo on PATH";
        }
        if (state->out == "idle\n")
        {
            return "";
        }
        std::this_thread::sleep_for(PAUSE);
    }
    return "slurmd is not ready: " + ReadLastLine(m_folder / "slurmd.log");
}
